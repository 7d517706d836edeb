// Which Markdown files of the repository are pages of the site, and where each of them is.
import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const home = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** All files that Git knows, so that what a build has made is no page. */
const tracked = new Set(
  execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: home, encoding: "utf8", maxBuffer: 1 << 26 })
    .split("\n")
    .filter((file) => file !== "" && existsSync(path.join(home, file))),
);

export const pages = [...tracked].filter((file) => file.endsWith(".md")).sort();

/** The place of a page, which is its name without an ending; a README is the page of its folder. */
export function rewritten(page) {
  return page.replace(/(^|\/)README\.md$/, "$1index.md");
}

/**
 * Where a link of a page leads on the site. A file that is no page is copied beside the pages, so that each link works
 * without the repository; `files` collects those.
 */
export function target(page, href, files) {
  if (/^[a-z][a-z0-9+.-]*:/i.test(href) || href.startsWith("//") || href.startsWith("#")) {
    return href;
  }
  const [name, anchor] = href.split("#");
  let file = path.posix.normalize(path.posix.join(path.posix.dirname(page), decodeURIComponent(name))).replace(/\/$/, "");
  if (existsSync(path.join(home, file)) && statSync(path.join(home, file)).isDirectory()) {
    const readme = path.posix.join(file, "README.md");
    if (!tracked.has(readme)) {
      return `/folders/${file}`;
    }
    file = readme;
  }
  if (!tracked.has(file)) {
    throw new Error(`${page}: the link ${href} leads to no file`);
  }
  const end = anchor === undefined ? "" : `#${anchor}`;
  if (file.endsWith(".md")) {
    return `/${rewritten(file).replace(/(^|\/)index\.md$/, "$1").replace(/\.md$/, "")}${end}`;
  }
  files.add(file);
  return `/files/${file}.txt`;
}

/** The files of a folder without a page of its own, for the list that stands for it. */
export function filesOf(folder) {
  return [...tracked].filter((file) => file.startsWith(`${folder}/`)).sort();
}
