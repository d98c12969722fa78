import { once } from "node:events";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { collect, type Report, reportsIn, run } from "./supervisor-programs/support.js";
import { dies } from "./supervisor-programs/supervised.js";
import { type Got, listen } from "./supervisor-programs/listen.js";

describe("a collector that", () => {
  it("refuses costs the report and no more", async () => {
    const { env } = await collect("refuse");
    const ended = await run(dies("exit"), env).ended;
    expect([ended.code, ended.signal]).toEqual([3, null]);
    expect(ended.stderr.toString()).toMatch(
      /^to stderr\nsupervisor: the crash was not reported: .*ECONNREFUSED.*\n$/,
    );
    expect(ended.took).toBeLessThan(4000);
  });

  it("comes late is waited for a moment", async () => {
    const { env, reports } = await collect({ lateMillis: 600 });
    expect((await run(dies("sigkill"), env).ended).signal).toBe("SIGKILL");
    expect(reports).toHaveLength(1);
  });

  it("is silent is given up after the usual timeout", async () => {
    const { env } = await collect("silent");
    const ended = await run(dies("sigkill"), { ...env, OTEL_EXPORTER_OTLP_TIMEOUT: "400" }).ended;
    expect([ended.code, ended.signal]).toEqual([null, "SIGKILL"]);
    expect(ended.stderr.toString()).toMatch(/no answer in time/);
    // without the variable it would wait for 10 s
    expect(ended.took).toBeLessThan(6000);
  });

  it.each([
    [503, 2],
    [400, 1],
  ])("answers %d is asked %d times", async (status, times) => {
    const statuses = [status, 200];
    const server = await listen((_, answer) => answer(statuses.shift() ?? 500));
    expect((await run(dies("exit"), { OTEL_EXPORTER_OTLP_ENDPOINT: server.url }).ended).code).toBe(3);
    expect(server.requests).toHaveLength(times);
  });
});

describe("SIGTERM during the report", () => {
  it.each([
    [1, 600, 2500],
    [2, 0, 600],
  ])("sent %d times ends it after a moment, as the child ended", async (times, least, most) => {
    const silent = createTcpServer((socket) => void socket.on("error", () => undefined));
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    const connected = once(silent, "connection");
    const { ended, process: running } = run(dies("throw"), {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${String(port)}`,
    });
    await connected;
    const asked = performance.now();
    running.kill("SIGTERM");
    if (times === 2) setTimeout(() => running.kill("SIGINT"), 50);
    expect(await ended).toMatchObject({ code: 1, signal: null });
    const took = performance.now() - asked;
    expect(took).toBeGreaterThan(least);
    expect(took).toBeLessThan(most);
  });

  it("leaves it the moment that it needs", async () => {
    const server = await listen((received, answer) => {
      received();
      setTimeout(() => answer(200), 300);
    });
    const { ended, process: running } = run(dies("sigkill"), { OTEL_EXPORTER_OTLP_ENDPOINT: server.url });
    await server.received;
    running.kill("SIGTERM");
    const { signal, stderr } = await ended;
    expect([signal, stderr.toString()]).toEqual(["SIGKILL", "to stderr\n"]);
    expect(reportsIn(server.requests[0]?.body ?? "")).toHaveLength(1);
  });
});

describe("the standard variables", () => {
  it("say where to, with which headers, and what is reported on", async () => {
    const server = await listen((_, answer) => answer(200));
    await run(dies("exit"), {
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1",
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${server.url}/own/path?key=1`,
      OTEL_EXPORTER_OTLP_HEADERS: "api-key=a%20b%3D, x-both=general,broken,bad=a%0Ab",
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: "x-both=logs%",
      OTEL_RESOURCE_ATTRIBUTES: "service.name=other,team=a%2Cb,k8s.pod.name=from-attributes",
      OTEL_SERVICE_NAME: "orders",
      POD_NAME: "from-variable",
      MY_NODE_NAME: "node-1",
      K8S_NAMESPACE_NAME: "shop",
      CONTAINER_NAME: "app",
      POD_UID: "",
    }).ended;
    const [got] = server.requests as [Got];
    expect(got.path).toBe("/own/path?key=1");
    expect(got.headers).toMatchObject({
      "content-type": "application/json",
      "api-key": "a b=",
      "x-both": "logs%",
    });
    expect(got.headers).not.toHaveProperty("bad");
    const [report] = reportsIn(got.body) as [Report];
    expect(report.resource).toMatchObject({
      "service.name": "orders",
      team: "a,b",
      "k8s.pod.name": "from-attributes",
      "k8s.node.name": "node-1",
      "k8s.namespace.name": "shop",
      "k8s.container.name": "app",
    });
    expect(report.resource).not.toHaveProperty("k8s.pod.uid");
  });

  it("have defaults", async () => {
    const server = await listen((_, answer) => answer(200));
    await run(dies("exit"), { OTEL_EXPORTER_OTLP_ENDPOINT: `${server.url}/base/`, OTEL_SERVICE_NAME: " " })
      .ended;
    const [got] = server.requests as [Got];
    expect(got.path).toBe("/base/v1/logs");
    const { resource } = reportsIn(got.body)[0] as Report;
    expect(resource["service.name"]).toBe("unknown_service:node");
    expect(Object.keys(resource).filter((key) => key.startsWith("k8s."))).toEqual([]);
  });

  it.each([
    ["OTEL_SDK_DISABLED", "True"],
    ["OTEL_LOGS_EXPORTER", "none"],
  ])("switch it off: %s=%s", async (name, value) => {
    const { env, reports } = await collect();
    const ended = await run(dies("exit"), { ...env, [name]: value }).ended;
    expect([ended.code, ended.stderr.toString()]).toEqual([3, "to stderr\n"]);
    expect(reports).toEqual([]);
  });

  it("that make no sense cost the report and no more", async () => {
    const ended = await run(dies("exit"), { OTEL_EXPORTER_OTLP_ENDPOINT: "nowhere" }).ended;
    expect(ended.code).toBe(3);
    expect(ended.stderr.toString()).toMatch(
      /^to stderr\nsupervisor: the crash was not reported: .*Invalid URL/,
    );
  });
});
