export { OTLPLogExporter } from "../parts/exporters.js";
