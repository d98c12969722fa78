// One call of Connect through an interceptor of the program; client and server share the process.
import { create, createFileRegistry } from "@bufbuild/protobuf";
import { file_google_protobuf_wrappers, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { program, tell, within, work } from "./spans.mjs";

const [file, name] = process.argv.slice(2);
const { [name]: interceptor } = await program(file);
const text = ".google.protobuf.StringValue";
const described = create(FileDescriptorProtoSchema, {
  name: "proof.proto",
  package: "proof",
  syntax: "proto3",
  dependency: ["google/protobuf/wrappers.proto"],
  service: [{ name: "Proof", method: [{ name: "Echo", inputType: text, outputType: text }] }],
});
const service = createFileRegistry(described, () => file_google_protobuf_wrappers.proto).getService(
  "proof.Proof",
);
const transport = createRouterTransport(
  (router) =>
    router.service(service, {
      async echo({ value }) {
        await work("served");
        return { value };
      },
    }),
  { transport: { interceptors: [interceptor] } },
);
const answer = createClient(service, transport)
  .echo({ value: "hello" })
  .then(({ value }) => value);
await tell({ answer: await within(answer) });
