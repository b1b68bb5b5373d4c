/*
 * Builds everything a browser is given: one stylesheet, the faces of Literata, one script for all pages,
 * and a script of its own for each place that needs one.
 *
 *     node frontend/build.mjs            once
 *     node frontend/build.mjs --watch    again whenever a source changes
 *
 *   src/quarterhour/web/static/app.css  ->  static/built/app.css
 *   frontend/app.js                     ->  static/built/app.js
 *   frontend/room.js                    ->  static/built/room.js        where it exists
 *   frontend/pages/<name>.js            ->  static/built/pages/<name>.js
 *   frontend/service-worker.js          ->  static/built/service-worker.js
 *   @fontsource-variable/literata       ->  static/built/fonts/
 *   frontend/icons.mjs                  ->  static/built/icons/         our mark as home screens want it
 *
 * The same sources give the same bytes: no hashes, dates or paths go into the output.
 */
import { copyFile, mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { icon } from "./icons.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const statics = join(here, "..", "src", "quarterhour", "web", "static");
const built = process.env.QUARTERHOUR_BUILT ?? join(statics, "built"); // elsewhere for the tests of the build
const literata = dirname(createRequire(import.meta.url).resolve("@fontsource-variable/literata/package.json"));

const SUBSETS = ["latin", "latin-ext", "cyrillic", "greek", "vietnamese"];
const STYLES = { normal: "opsz.css", italic: "opsz-italic.css" };

/** The package's own @font-face rules, subset by subset, pointing at the copies beside our stylesheet. */
async function faces() {
  const rules = [];
  for (const [style, sheet] of Object.entries(STYLES)) {
    const css = await readFile(join(literata, sheet), "utf8");
    for (const subset of SUBSETS) {
      const file = `literata-${subset}-opsz-${style}.woff2`;
      const rule = css.match(/@font-face\s*\{[^}]*\}/g).find((face) => face.includes(`/${file})`));
      if (!rule) throw new Error(`${sheet} has no face for ${file}. Compare SUBSETS with the package.`);
      rules.push(rule.replace(/url\([^)]*\)\s*format\([^)]*\)/, `url("fonts/${file}") format("woff2")`));
    }
  }
  return rules.join("\n");
}

async function copyFonts() {
  await mkdir(join(built, "fonts"), { recursive: true });
  const files = Object.keys(STYLES).flatMap((style) => SUBSETS.map((subset) => `literata-${subset}-opsz-${style}.woff2`));
  await Promise.all(files.map((file) => copyFile(join(literata, "files", file), join(built, "fonts", file))));
  await copyFile(join(literata, "LICENSE"), join(built, "fonts", "LICENSE"));
  return [...files, "LICENSE"].map((file) => join(built, "fonts", file));
}

const ICONS = {
  "icon-192.png": [192],
  "icon-512.png": [512],
  "maskable-512.png": [512, { share: 0.56 }],
  "apple-180.png": [180],
  "badge-96.png": [96, { share: 0.9, ground: false, alone: true }],
};

async function drawIcons() {
  await mkdir(join(built, "icons"), { recursive: true });
  await Promise.all(Object.entries(ICONS).map(([name, how]) => writeFile(join(built, "icons", name), icon(...how))));
  return Object.keys(ICONS).map((name) => join(built, "icons", name));
}

/** What an earlier build left and this one did not make. A page being served meanwhile misses nothing. */
async function sweep(made) {
  const kept = new Set(made.map((path) => relative(built, resolve(path))));
  for (const name of await readdir(built, { recursive: true })) {
    const found = await stat(join(built, name));
    if (found.isFile() && !kept.has(name)) await rm(join(built, name));
  }
}

/** fonts.css as the browser gets it: our fallback, and one face per subset and style. */
const withFaces = {
  name: "faces",
  setup(build) {
    build.onLoad({ filter: /[/\\]static[/\\]fonts\.css$/ }, async ({ path }) => ({
      contents: `${await readFile(path, "utf8")}\n${await faces()}`,
      loader: "css",
    }));
  },
};

async function scripts() {
  const pages = existsSync(join(here, "pages")) ? (await readdir(join(here, "pages"))).filter((name) => name.endsWith(".js")) : [];
  const wanted = ["app.js", "room.js", ...pages.sort().map((name) => join("pages", name))];
  return wanted.map((name) => join(here, name)).filter((path) => existsSync(path));
}

const common = { bundle: true, minify: true, sourcemap: false, legalComments: "none", charset: "utf8", logLevel: "warning" };

async function options() {
  return [
    { ...common, entryPoints: [join(statics, "app.css")], outdir: built, external: ["*.woff2"], plugins: [withFaces] },
    { ...common, entryPoints: await scripts(), outbase: here, outdir: built, format: "esm", target: "es2022" },
    { ...common, entryPoints: [join(here, "service-worker.js")], outdir: built, format: "iife", target: "es2022" },
  ];
}

const copied = [...(await copyFonts()), ...(await drawIcons())];
if (process.argv.includes("--watch")) {
  for (const each of await options()) await (await esbuild.context({ ...each, logLevel: "info" })).watch();
} else {
  const done = await Promise.all((await options()).map((each) => esbuild.build({ ...each, metafile: true })));
  await sweep([...copied, ...done.flatMap(({ metafile }) => Object.keys(metafile.outputs))]);
}
