// One call to a server of nice-grpc behind middleware of the program.
import { createChannel, createClientFactory, createServer } from "nice-grpc";
import { program, tell, within } from "./spans.mjs";

const [file, name] = process.argv.slice(2);
const { [name]: middleware } = await program(file);
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
    options: {},
  },
};
const server = createServer().use(middleware);
server.add(methods, { echo: async (request) => ({ echoed: request.said }) });
const port = await server.listen("127.0.0.1:0");
const client = createClientFactory().create(methods, createChannel(`127.0.0.1:${port}`));
await tell({ answer: await within(client.echo({ said: "hello" })) });
