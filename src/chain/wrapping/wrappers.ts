import { interfaceTypes } from "../../knowledge/telemetry-interfaces.js";
import type { Project } from "../../program/project.js";
import type { Call, Cls, Expr, Module, TypeRef } from "../../syntax/ir.js";
import { isWithin } from "../links.js";
import { classesOf } from "./classes-of.js";
import { type Implementation, implementationsIn, lastName } from "./implementations.js";
import { isSamePlace, type Place, placeOf } from "./places.js";

/** An implementation that hands data on to another one, and where it keeps that one (or a list of them). */
export interface Wrapper extends Implementation {
  inner: Place;
  /** The call that hands data to it. */
  call: Call;
  /** Every place to which it hands data, this one included. */
  inners: readonly Place[];
}

/** The wrappers of a module, one for each place to which one hands data; what is no processor or exporter in there is left out. */
export function wrappersIn(module: Module, project: Project): Wrapper[] {
  return implementationsIn(module, project).flatMap((of) => {
    const found: { inner: Place; call: Call }[] = [];
    const start = of.method("onStart");
    for (const { call, fn } of module.calls) {
      const { callee } = call;
      if (callee.k !== "mem" || !of.facts.forwards.includes(callee.p ?? "") || !of.fns.includes(fn)) continue;
      // what is handed out at the start of a span is more than what came in: an announcement
      if (typeof start === "object" && isWithin(fn, start)) continue;
      const inner = placeOf(callee.o);
      if (!inner || found.some((known) => isSamePlace(known.inner, inner)) || !isAround(of, inner)) continue;
      if (isProcessing(inner, callee.p === of.facts.takes, of, project)) found.push({ inner, call });
    }
    const inners = found.map(({ inner }) => inner);
    return found.map((wrapped) => ({ ...of, ...wrapped, inners }));
  });
}

/** A field of the class, or a variable of what stands around the class or object. */
function isAround(of: Implementation, place: Place): boolean {
  if ("field" in place) return of.cls !== undefined && place.cls === of.cls;
  const { bind } = place;
  return bind.from === undefined && !of.fns.some((fn) => isWithin(bind.owner, fn));
}

/**
 * Whether what is kept there is a processor or exporter, as far as the program says what it is.
 * @param alike it is handed data by the very method that the wrapper itself has
 */
function isProcessing(place: Place, alike: boolean, of: Implementation, project: Project): boolean {
  const member = "field" in place ? place.cls.members.get(place.field) : undefined;
  const types = "field" in place ? (member?.type ?? []) : place.bind.type;
  const values = "field" in place ? (member?.values ?? []) : place.bind.values;
  const named = [...types, ...values.flatMap(annotated)];
  const made = values.flatMap((e) => isProcessingValue(e, of, project));
  const told = made.length > 0 ? made : named.map((type) => isProcessingType(type, of, project));
  return told.length > 0 ? told.includes(true) : alike;
}

/** The annotation of the parameter that a field is filled from. */
const annotated = (e: Expr): TypeRef[] => (e.k === "id" ? (e.bind?.type ?? []) : []);

function isProcessingType({ expr }: TypeRef, of: Implementation, project: Project): boolean {
  const classes = classesOf(expr, of.module, project);
  if (classes.length > 0) return classes.some((cls) => canClose(cls, of));
  const name = lastName(expr);
  return name !== undefined && interfaceTypes.test(name);
}

/** What an expression is known to be; nothing where the program does not say. */
const isProcessingValue = (e: Expr, of: Implementation, project: Project): boolean[] =>
  project.values.of(e, of.module).flatMap((v): boolean[] => {
    switch (v.v) {
      case "sdk":
        return v.sdk.is === "handle" ? [interfaceTypes.test(v.sdk.cls.name)] : [];
      case "instance":
        return [canClose(v.cls, of)];
      case "object":
        return [v.obj.props.some((p) => p.name === of.facts.closes || p.value.k === "spread")];
      case "package":
        return [interfaceTypes.test(v.path.replace("()", "").split(".").at(-1) ?? "")];
      default:
        return [];
    }
  });

const canClose = ({ members, superClass }: Cls, { facts }: Implementation): boolean =>
  superClass !== undefined || members.has(facts.closes);
