import { describe, expect, it } from "vitest";
import { render } from "../src/deployment/helm/render.js";
import { common, laidOver, valuesIn, type Value } from "../src/deployment/helm/values.js";
import { unknownText } from "../src/deployment/helm/unknown.js";
import { manifestPlace } from "../src/program/manifest-place.js";
import { isRenderedFrom, writtenAt, writtenEdit } from "../src/program/rendered.js";

const values = (text: string): Value => valuesIn("values.yaml", text) ?? { k: "none" };
const root = (text: string): Value => ({
  k: "map",
  fields: new Map([
    ["Values", values(text)],
    ["Release", { k: "unknown" }],
  ]),
  origin: undefined,
  raw: undefined,
});

/** A template with values put in; `?` stands for what nobody knows. */
const shown = (template: string, given = ""): string | undefined =>
  render("templates/x.yaml", template, root(given))?.text.replaceAll(unknownText, "?");

describe("templates of Helm charts", () => {
  it("puts in what the values say", () => {
    expect(shown("a: {{ .Values.a.b }}", "a:\n  b: 5")).toBe("a: 5");
    expect(shown("a: {{ .Values.a | quote }}", "a: 5")).toBe('a: "5"');
    expect(shown("a: {{ .Values.a | default 7 }}")).toBe("a: 7");
    expect(shown('a: "{{ .Values.a }}:{{ .Values.b | default "x" }}"', "a: y")).toBe('a: "y:x"');
    expect(shown('a: {{ printf "%s-%d" .Values.a 3 }}', "a: y")).toBe("a: y-3");
  });

  it("writes mappings and lists as YAML", () => {
    const given = "a:\n  # kept apart\n  b: 1\n  c: [x, y]\n  d:\n    - e: 2\n      f: three\n";
    expect(shown("a:\n  {{- toYaml .Values.a | nindent 2 }}\n", given)).toBe(
      "a:\n  b: 1\n  c: [x, y]\n  d:\n    - e: 2\n      f: three\n",
    );
    expect(shown("a: {{ toYaml .Values.a | nindent 2 }}\n", "a: [x]")).toBe("a: \n  [x]\n");
  });

  it("takes blanks away as the dashes say", () => {
    expect(shown("a: 1\n{{- if .Values.on }}\nb: 2\n{{- end }}\nc: 3\n", "on: true")).toBe(
      "a: 1\nb: 2\nc: 3\n",
    );
    expect(shown("a: 1\n{{- /* a comment */ -}}\nb: 2")).toBe("a: 1b: 2");
  });

  it("follows conditions whose values are known", () => {
    const template = "{{ if eq .Values.a 1 }}x{{ else if .Values.b }}y{{ else }}z{{ end }}";
    expect(shown(template, "a: 1")).toBe("x");
    expect(shown(template, "b: true")).toBe("y");
    expect(shown(template, "a: 2")).toBe("z");
    expect(shown("{{ with .Values.a }}{{ .b }}{{ else }}none{{ end }}", "a:\n  b: 4")).toBe("4");
    expect(shown("{{ $x := .Values.a }}{{ if not $x }}no{{ end }}", "a: false")).toBe("no");
  });

  it("repeats what stands in a range", () => {
    expect(shown("{{ range $k, $v := .Values.a }}{{ $k }}={{ $v }};{{ end }}", "a:\n  y: 2\n  x: 1")).toBe(
      "x=1;y=2;",
    );
    expect(shown("{{ range .Values.a }}{{ .n }};{{ end }}", "a: [{n: 1}, {n: 2}]")).toBe("1;2;");
  });

  it("leaves open what nobody knows", () => {
    expect(shown('a: {{ include "x" . }}\nb: {{ .Release.Name }}-b')).toBe("a: ?\nb: ?-b");
    expect(shown("a: {{ .Values.missing }}")).toBe("a: ?");
    expect(shown('a:\n  b: 1\n  {{- include "x" . | nindent 2 }}\n')).toBe("a:\n  b: 1\n  ?: ?\n");
    expect(shown('a:\n  - b\n  {{- include "x" . | nindent 2 }}\n')).toBe("a:\n  - b\n  - ?\n");
    expect(shown('a:\n  {{- include "x" . | nindent 2 }}\nc: 1\n')).toBe("a:\n  ?\nc: 1\n");
  });

  it("knows which fields a block may bring", () => {
    const block =
      "a:\n  {{- if .Release.IsUpgrade }}\n  b: 1\n  c:\n    d: 2\n  {{- else }}\n  b: 3\n  {{- end }}\n  e: 5\n";
    expect(shown(block)).toBe("a:\n  b: ?\n  c: ?\n  e: 5\n");
    expect(shown("a:\n  {{- range .Release.Names }}\n  - b: 1\n  {{- end }}\n")).toBe("a:\n  - ?\n");
    expect(shown("{{ $x := 1 }}{{ if .Release.Name }}{{ $x = 2 }}{{ end }}a: {{ $x }}")).toBe("a: ?");
  });

  it("does not read what does not fit together, or grows without end", () => {
    expect(shown("a: {{ if .Values.a }}")).toBeUndefined();
    expect(shown("a: {{ end }}")).toBeUndefined();
    expect(shown("a: {{ .Values.a")).toBeUndefined();
    const nested = "{{ range .Values.a }}".repeat(5) + "xxxxxxxxxx" + "{{ end }}".repeat(5);
    expect(
      shown(nested.replaceAll("{{ range .Values.a }}", "{{ range $.Values.a }}"), `a: [${"1,".repeat(99)}1]`),
    ).toBeUndefined();
  });

  it("takes over a value only where all files agree", () => {
    const base = values("a: 1\nb: {c: 2, d: 3}");
    const all = common([base, laidOver(base, values("b: {c: 4}"))]);
    const given: Value = { k: "map", fields: new Map([["Values", all]]), origin: undefined, raw: undefined };
    const text = "{{ .Values.a }} {{ .Values.b.c }} {{ .Values.b.d }}";
    expect(render("t.yaml", text, given)?.text.replaceAll(unknownText, "?")).toBe("1 ? 3");
  });
});

describe("places in a rendered template", () => {
  const template = 'a:\n  grace: {{ .Values.grace }} # seconds\n  name: {{ include "x" . }}\n';
  const given = "# of the pod\ngrace: '15'\n";
  const rendered = render("templates/x.yaml", template, root(given));
  if (!rendered) throw new Error("not rendered");
  const fn = manifestPlace("templates/x.yaml", rendered.text);
  isRenderedFrom(fn, rendered);
  const at = rendered.text.indexOf("15");
  const textAt = ({ file, at: [start, end] }: { file: string; at: readonly [number, number] }): string =>
    `${file}: ${(file === "values.yaml" ? given : template).slice(start, end)}`;

  it("are those of the value where one stands there", () => {
    expect(textAt(writtenAt(fn.module, [at, at + 2]))).toBe("values.yaml: 15");
    expect(textAt(writtenAt(fn.module, [rendered.text.indexOf("grace"), at + 2]))).toBe("values.yaml: 15");
  });

  it("are those of the template for the rest", () => {
    const comment = rendered.text.indexOf("# seconds");
    expect(textAt(writtenAt(fn.module, [comment, comment + 9]))).toBe("templates/x.yaml: # seconds");
    const name = rendered.text.indexOf(unknownText);
    expect(textAt(writtenAt(fn.module, [name, name + 1]))).toBe('templates/x.yaml: {{ include "x" . }}');
  });

  it("are edited where they are written, or not at all", () => {
    const edit = { file: "templates/x.yaml", start: at, end: at + 2, text: "50" };
    const written = writtenEdit(edit, template, rendered);
    expect(written?.file).toBe("values.yaml");
    expect(given.slice(0, written?.start) + "50" + given.slice(written?.end)).toBe(
      "# of the pod\ngrace: '50'\n",
    );
    expect(writtenEdit({ ...edit, start: at - 3 }, template, rendered)).toBeUndefined();
    expect(
      writtenEdit({ ...edit, start: 3, end: 3, text: "  grace: 50\n" }, template, rendered),
    ).toBeUndefined();
    expect(writtenEdit({ ...edit, start: 3, end: 3, text: "  b: 50\n" }, template, rendered)).toMatchObject({
      start: 3,
      file: "templates/x.yaml",
    });
  });
});
