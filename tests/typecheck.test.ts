import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporary } from "./support/fixtures.js";
import { added, diagnosticsOf } from "./support/typecheck.js";

function write(root: string, files: Record<string, string>): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return root;
}

describe("diagnosticsOf", () => {
  it("knows the SDKs, and tells faults by program", () => {
    const home = temporary();
    const right = write(path.join(home, "right"), {
      "main.ts": 'import { PostHog } from "posthog-node";\nawait new PostHog("k").shutdown(3000);\n',
    });
    const wrong = write(path.join(home, "wrong"), {
      "main.ts": 'import { PostHog } from "posthog-node";\nawait new PostHog("k").close();\n',
    });
    const loose = write(path.join(home, "loose"), {
      "main.mjs": "let closing;\nexport const close = () => (closing ??= stop());\n",
    });
    const found = diagnosticsOf([right, wrong, loose]);
    expect(found.get(right)).toEqual([]);
    expect(found.get(wrong)).toEqual(["main.ts: TS2339 Property 'close' does not exist on type 'PostHog'."]);
    expect(found.get(loose)).toEqual(["main.mjs: TS2304 Cannot find name 'stop'."]);
  });
});

describe("added", () => {
  it("counts equal lines", () => {
    expect(added(["a", "b"], ["b", "a", "a"])).toEqual(["a"]);
  });
});
