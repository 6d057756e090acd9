// npm run build: puts what the pages take from npm into app/static/dist, which git ignores.
import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("./app/static/dist/", import.meta.url));
const find = createRequire(import.meta.url).resolve;

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await copyFile(find("htmx.org/dist/htmx.min.js"), dist + "htmx.min.js");
const size = gzipSync(await readFile(dist + "htmx.min.js")).length;
console.log(`htmx.min.js: ${(size / 1000).toFixed(1)} kB gzip`);
