// One call of gRPC through an interceptor of the program.
import { trace } from "@opentelemetry/api";
import grpc from "@grpc/grpc-js";
import { program, tell, within } from "./spans.mjs";

const [file, name] = process.argv.slice(2);
const { [name]: interceptor } = await program(file);
const to = (value) => Buffer.from(JSON.stringify(value));
const from = (bytes) => JSON.parse(bytes.toString());
const methods = {
  echo: {
    path: "/proof.Proof/Echo",
    requestStream: false,
    responseStream: false,
    requestSerialize: to,
    requestDeserialize: from,
    responseSerialize: to,
    responseDeserialize: from,
  },
};
const server = new grpc.Server();
server.addService(methods, {
  echo(call, done) {
    trace.getTracer("proof").startSpan("served").end();
    done(null, call.request);
  },
});
const port = await new Promise((resolve, reject) =>
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
    error ? reject(error) : resolve(bound),
  ),
);
const Client = grpc.makeGenericClientConstructor(methods, "Proof");
const client = new Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
  interceptors: [interceptor],
});
const echo = async (value) =>
  new Promise((resolve, reject) => {
    client.echo(value, (error, answer) => (error ? reject(error) : resolve(answer)));
  });
await tell({ answer: await within(echo("hello")) });
