// One request through an interceptor that cannot get its token: `async` waits for it, `at-once` answers and waits beside.
import { createServer } from "node:http";
import { Agent, request } from "undici";

process.on("unhandledRejection", (error) => console.log(`unheard: ${error.message}`));

const token = () => Promise.reject(new Error("no token"));

const forms = {
  async: (dispatch) => async (options, handler) =>
    dispatch({ ...options, headers: { token: await token() } }, handler),
  "at-once": (dispatch) => (options, handler) => {
    token().then(
      (value) => dispatch({ ...options, headers: { token: value } }, handler),
      (error) => handler.onResponseError(null, error),
    );
    return true;
  },
};

const server = createServer((_request, response) => response.end("ok")).listen(0, "127.0.0.1", async () => {
  const dispatcher = new Agent().compose(forms[process.argv[2]]);
  const answer = request(`http://127.0.0.1:${String(server.address().port)}/`, { dispatcher });
  const said = await Promise.race([
    answer.then(
      () => "answered",
      (error) => `rejected: ${error.message}`,
    ),
    new Promise((resolve) => setTimeout(resolve, 1000, "waits for ever")),
  ]);
  console.log(said);
  process.exit(0);
});
