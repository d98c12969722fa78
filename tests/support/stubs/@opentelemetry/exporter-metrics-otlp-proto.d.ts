export { OTLPMetricExporter } from "../parts/exporters.js";
