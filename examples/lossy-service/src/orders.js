import { trace } from "@opentelemetry/api";

const tracer = trace.getTracer("orders");
const orders = new Map([
  ["1", { item: "lamp", price: 40 }],
  ["2", { item: "desk", price: 300 }],
]);

/** Finds an order, recording one span. */
export function findOrder(id) {
  return tracer.startActiveSpan(`find order ${id}`, (span) => {
    const order = orders.get(id);
    span.setAttribute("order.found", order !== undefined);
    span.end();
    return order;
  });
}
