/** The part of the supervisor that sends the report, named by OpenTelemetry's semantic conventions. */
export const report = String.raw`// What follows sends the report: one log record, OTLP over HTTP, in JSON.

type Attributes = Record<string, string | number | undefined>;

interface Failure {
  reason: string;
  isTemporary: boolean;
}

// Gives the reason when it could not be delivered.
async function report(ending: Ending): Promise<string | undefined> {
  if (env("OTEL_SDK_DISABLED")?.toLowerCase() === "true") return undefined;
  if (env("OTEL_LOGS_EXPORTER") === "none") return undefined;
  const body = JSON.stringify(requestOf(ending));
  const end = Date.now() + (Number(otlp("TIMEOUT")) || 10_000);
  let failure: Failure | undefined;
  for (const pause of [0, 250, 500, 1000]) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (Date.now() >= end) break;
    failure = await post(body, end - Date.now());
    if (!failure?.isTemporary) break;
  }
  return failure?.reason;
}

async function post(body: string, millis: number) {
  try {
    const url = endpoint();
    const status = await send(url, body, millis);
    if (status >= 200 && status < 300) return undefined;
    const isTemporary = [429, 502, 503, 504].includes(status);
    return { reason: url.origin + " answered " + status, isTemporary };
  } catch (error) {
    // A TypeError is what an address gives that makes no sense.
    const isTemporary = !(error instanceof TypeError);
    return { reason: String(error), isTemporary };
  }
}

// Loads what it needs only now: while the program is well, this costs nothing.
async function send(url: URL, body: string, millis: number) {
  const isSecure = url.protocol === "https:";
  const https = isSecure ? await import("node:https") : undefined;
  const http = https ?? (await import("node:http"));
  return new Promise<number>((resolve, reject) => {
    const options = {
      method: "POST",
      headers: headers(Buffer.byteLength(body)),
      agent: false,
      ca: file("CERTIFICATE"),
      cert: file("CLIENT_CERTIFICATE"),
      key: file("CLIENT_KEY"),
    };
    const request = http.request(url, options, (response) => {
      clearTimeout(timer);
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    const timer = setTimeout(() => {
      request.destroy(new Error("no answer in time"));
    }, millis);
    request.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    request.end(body);
  });
}

function requestOf({ command, pid, code, signal, failure }: Ending) {
  const tail = lastLines();
  const exception = failure === undefined ? exceptionIn(tail) : undefined;
  const how = signal ? "was killed by " + signal : "exited with code " + code;
  const now = Date.now() + "000000";
  const record = {
    timeUnixNano: now,
    observedTimeUnixNano: now,
    severityNumber: 21,
    severityText: "FATAL",
    eventName: exception && "exception",
    body: {
      stringValue: [failure ?? command + " " + how, tail]
        .filter((text) => text !== "")
        .join("\n"),
    },
    attributes: attributes({
      "exception.type": exception?.type,
      "exception.message": exception?.message,
      "exception.stacktrace": exception?.stacktrace,
      "process.exit.code": signal ? codeOf(signal) : code,
      "process.exit.signal": signal ?? undefined,
    }),
  };
  const scope = { name: "telemetry-fix-supervisor" };
  const resource = { attributes: attributes(resourceOf(command, pid)) };
  const scopeLogs = [{ scope, logRecords: [record] }];
  return { resourceLogs: [{ resource, scopeLogs }] };
}

// What the standard variables say wins over the downward API of Kubernetes.
function resourceOf(command: string, pid: number | undefined): Attributes {
  const serviceName = env("OTEL_SERVICE_NAME");
  const pod = downward("POD_NAME");
  return {
    "service.name": "unknown_service:" + command,
    "host.name": hostname(),
    "process.pid": pid,
    "process.executable.name": command,
    "k8s.pod.name": pod,
    "k8s.pod.uid": downward("POD_UID"),
    "k8s.node.name": downward("NODE_NAME"),
    "k8s.namespace.name":
      downward("POD_NAMESPACE") ??
      downward("NAMESPACE_NAME") ??
      downward("NAMESPACE"),
    "k8s.container.name": pod && downward("CONTAINER_NAME"),
    ...pairs(env("OTEL_RESOURCE_ATTRIBUTES")),
    ...(serviceName !== undefined && { "service.name": serviceName }),
  };
}

// Manifests choose these names themselves, so the usual ones are tried.
function downward(name: string): string | undefined {
  const prefixes = [
    "",
    "K8S_",
    "KUBERNETES_",
    "MY_",
    "OTEL_K8S_",
    "OTEL_RESOURCE_ATTRIBUTES_",
  ];
  return prefixes.map((prefix) => env(prefix + name)).find(Boolean);
}

function attributes(values: Attributes) {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({
      key,
      value:
        typeof value === "number"
          ? { intValue: String(value) }
          : { stringValue: value },
    }));
}

function endpoint(): URL {
  const own = env("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT");
  if (own !== undefined) return new URL(own);
  const base = env("OTEL_EXPORTER_OTLP_ENDPOINT");
  const url = new URL(base ?? "http://localhost:4318");
  // The port of OTLP over gRPC, beside which collectors listen for HTTP.
  if (url.port === "4317") url.port = "4318";
  url.pathname = url.pathname.replace(/\/*$/, "/v1/logs");
  return url;
}

function headers(length: number): Record<string, string | number> {
  const given = {
    ...pairs(env("OTEL_EXPORTER_OTLP_HEADERS")),
    ...pairs(env("OTEL_EXPORTER_OTLP_LOGS_HEADERS")),
  };
  // One that HTTP forbids must not cost the report.
  const allowed = Object.entries(given).filter(([name, value]) => {
    return /^[\w!#$%&'*+.^|~-]+$/.test(name) && /^[\t -~]*$/.test(value);
  });
  return {
    ...Object.fromEntries(allowed),
    "content-type": "application/json",
    "content-length": length,
  };
}

// "a=b,c=d", percent-encoded.
function pairs(text = ""): Record<string, string> {
  const entries = text.split(",").flatMap((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) return [];
    return [[decoded(pair.slice(0, at)), decoded(pair.slice(at + 1))]];
  });
  return Object.fromEntries(entries);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return text.trim();
  }
}

function file(name: string): Buffer | undefined {
  const place = otlp(name);
  return place === undefined ? undefined : readFileSync(place);
}

function otlp(name: string): string | undefined {
  const prefix = "OTEL_EXPORTER_OTLP_";
  return env(prefix + "LOGS_" + name) ?? env(prefix + name);
}

// An empty variable counts as unset, as the specification says.
function env(name: string): string | undefined {
  return process.env[name]?.trim() || undefined;
}

`;
