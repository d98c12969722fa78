import { linkWords } from "../../knowledge/link-words.js";
import type { Check } from "../../program/rule-of-checks.js";
import { lostResponses } from "./forwarding/generators.js";
import { stoppedCalls } from "./forwarding/grpc-methods.js";
import { unheardStreams } from "./forwarding/observers.js";
import { lostResults } from "./forwarding/results.js";
import { swallowedEvents } from "./forwarding/undici-handlers.js";
import { modulesSaying } from "../modules.js";

/** An interceptor leaves out a call or an event that the next link needs. The first of its `names` is the kind. */
export const notForwarded: Check = {
  id: "not-forwarded",
  summary: "An interceptor leaves out a call or an event that the next link needs.",
  strict: false,
  find: (project) => [
    ...modulesSaying(linkWords.handlerEvent, project).flatMap((module) => [
      ...swallowedEvents(module, project),
      ...stoppedCalls(module, project),
      ...unheardStreams(module, project),
      ...lostResponses(module),
    ]),
    ...modulesSaying(linkWords.result, project).flatMap((module) => lostResults(module, project)),
  ],
  message({ names: [kind = "", name = "", other = ""] }) {
    switch (kind) {
      case "swallowed-event":
        return `\`${name}\` is empty: the handler behind this one never hears of it. Hand it on.`;
      case "missing-event":
        return `This handler hands the other events on and has no \`${name}\`: the handler behind it never hears of it. Add one that hands it on.`;
      case "unreturned-call":
        return `The \`${name}\` is made and not returned: the client is left without a call. Return it.`;
      case "stopped-call":
        return `\`${name}\` never calls its \`next\`: the call ends here, and its caller waits. Call \`next\`.`;
      case "unheard-stream":
        return `The observer hands values on and leaves out \`${name}\`: \`${other}\` never hears ${name === "error" ? "of a failure" : "of the end"}. Add \`${name}\`.`;
      case "raw-response":
        return "`call.next()` gives a generator, which is returned as it is: the response is lost. Write `return yield* call.next(...)`.";
      case "lost-response":
        return "The response of `call.next()` is not returned: every call with one answer fails. Write `return yield* call.next(...)`.";
      default:
        return `Nothing returns what \`${other}\` gives: ${name} hands on nothing. Return it.`;
    }
  },
};
