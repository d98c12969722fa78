export { captureException, captureMessage, close, flush, init } from "../node.js";
