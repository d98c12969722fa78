export * from "../node.js";
