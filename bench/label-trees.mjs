#!/usr/bin/env node
// Unpacks the trees of labelled bugs as a user has them: every text file, also start scripts, lock files and sources with other
// endings, which the benchmark's own unpacking leaves out. The benchmark then measures on them when it is given the same cache.
//
//   node bench/label-trees.mjs --mirror MIRRORS --labels FILE --cache FOLDER [--only ID,ID]
//
// MIRRORS holds bare git snapshots as MIRRORS/owner+name/repo; one that is absent is left out, as the benchmark does. A file whose
// content the snapshot lacks, a link, a binary file and one over 2 MB are left out. Exit status 2 when it could not run.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

const LEFT_OUT = /(^|\/)(node_modules|dist|vendor|\.yarn)\/|\.min\.js$/;
const MAX_BYTES = 2_000_000;
const GROUP = 500;

function readArguments() {
  const { values } = parseArgs({
    options: {
      mirror: { type: "string" },
      labels: { type: "string" },
      cache: { type: "string" },
      only: { type: "string" },
    },
  });
  for (const name of ["mirror", "labels"]) {
    if (values[name] === undefined || !existsSync(values[name])) throw new Error(`--${name} names nothing`);
  }
  if (values.cache === undefined) throw new Error("--cache must name the folder for the trees");
  return values;
}

/** What git prints. Throws when git fails. */
function git(folder, args, input) {
  const done = spawnSync("git", ["-c", "safe.directory=*", "-C", folder, ...args], {
    input,
    maxBuffer: 1 << 30,
  });
  if (done.status !== 0) throw done.error ?? new Error(`git ${args[0]}: ${done.stderr.toString().trim()}`);
  return done.stdout;
}

/** The ordinary files of a commit whose content the snapshot has, by the hash of the content. */
function filesOf(folder, commit) {
  const entries = git(folder, ["ls-tree", "-r", "-z", commit]).toString().split("\0").filter(Boolean);
  const files = entries.flatMap((entry) => {
    const [meta, file] = entry.split("\t");
    const [mode, type, object] = meta.split(" ");
    return type === "blob" && mode !== "120000" && !LEFT_OUT.test(file) ? [{ file, object }] : [];
  });
  const asked = files.map(({ object }) => object).join("\n");
  const sizes = git(folder, ["cat-file", "--batch-check=%(objectsize)"], `${asked}\n`).toString().split("\n");
  return files.filter((_, i) => Number(sizes[i]) <= MAX_BYTES);
}

/** The contents in the order in which they were asked for. */
function contentsOf(folder, objects) {
  const out = git(folder, ["cat-file", "--batch"], `${objects.join("\n")}\n`);
  const contents = [];
  for (let at = 0; contents.length < objects.length;) {
    const end = out.indexOf(10, at);
    const size = Number(out.subarray(at, end).toString().split(" ")[2]);
    contents.push(out.subarray(end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
  return contents;
}

function unpack(folder, commit, target) {
  rmSync(target, { recursive: true, force: true });
  const files = filesOf(folder, commit);
  for (let i = 0; i < files.length; i += GROUP) {
    const group = files.slice(i, i + GROUP);
    const contents = contentsOf(
      folder,
      group.map(({ object }) => object),
    );
    for (const [n, content] of contents.entries()) {
      if (content.subarray(0, 8000).includes(0)) continue;
      const file = path.join(target, group[n].file);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  }
  mkdirSync(target, { recursive: true });
  writeFileSync(path.join(target, ".complete"), "");
}

try {
  const { mirror, labels, cache, only } = readArguments();
  const wanted = only?.split(",");
  const chosen = JSON.parse(readFileSync(labels, "utf8")).filter(({ id }) => wanted?.includes(id) ?? true);
  for (const { repo, buggyCommit, fixedCommit } of chosen) {
    const folder = path.join(mirror, repo.replace("/", "+"), "repo");
    if (!existsSync(folder)) continue;
    for (const commit of [buggyCommit, fixedCommit].filter(Boolean)) {
      const target = path.join(cache, `${repo.replace("/", "+")}@${commit.slice(0, 12)}`);
      if (existsSync(path.join(target, ".complete"))) continue;
      console.error(`${repo} ${commit.slice(0, 12)}`);
      unpack(folder, commit, target);
    }
  }
} catch (error) {
  console.error(`label-trees: ${error.message}`);
  process.exitCode = 2;
}
