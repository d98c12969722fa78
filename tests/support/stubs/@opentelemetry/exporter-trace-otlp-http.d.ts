export { OTLPTraceExporter } from "../parts/exporters.js";
