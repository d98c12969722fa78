import {
  atModuleLevel,
  inCaughtMain,
  inExitingMain,
  inMain,
  rejectionAtModuleLevel,
  swallowedRejection,
} from "./entries.js";
import { inListener, inThrowingListener, inThrowingTimer, inTimer } from "./events.js";
import { inJob, inLoggedWorker, inRejectingWorker, inWorker } from "./runners.js";

/** Every way to fail that is proven. */
export const failures = {
  atModuleLevel,
  rejectionAtModuleLevel,
  swallowedRejection,
  inMain,
  inCaughtMain,
  inExitingMain,
  inTimer,
  inThrowingTimer,
  inListener,
  inThrowingListener,
  inWorker,
  inRejectingWorker,
  inLoggedWorker,
  inJob,
};
