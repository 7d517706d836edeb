import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { defineConfig } from "vitepress";
import { filesOf, home, pages, rewritten, target } from "../pages.mjs";

const files = new Set();
const folders = new Set();

/** As GitHub makes them, because the links between the pages are written for it. */
function slug(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, "")
    .replace(/ /g, "-");
}

function title(page) {
  return /^# (.*)$/m.exec(readFileSync(path.join(home, page), "utf8"))?.[1].replace(/[`*]/g, "") ?? page;
}

function link(page) {
  return { text: title(page), link: target("README.md", page, files) };
}

function group(text, list, collapsed = true) {
  return { text, collapsed, items: list.map(link) };
}

function under(folder) {
  return pages.filter((page) => page.startsWith(folder));
}

const sidebar = [
  group("Start", ["README.md", "docs/architecture.md", "docs/glossary.md", "docs/comparison.md", "docs/migrating.md"], false),
  group(
    "Clients",
    [
      "docs/clients.md",
      "clients/javascript/packages/client/README.md",
      "clients/javascript/packages/react/README.md",
      "clients/javascript/packages/publisher/README.md",
      "clients/python/README.md",
      "docs/grpc.md",
      "examples/README.md",
    ],
    false,
  ),
  group("The protocol", ["docs/protocol.md", ...under("docs/protocol/")], false),
  group("Features", [
    "docs/jobs.md",
    "docs/jobs-comparison.md",
    "docs/notifications.md",
    "docs/export.md",
    "docs/series.md",
    "docs/dashboards.md",
    "docs/files.md",
    ...["docs/answers.md", "docs/bridges.md"].filter((page) => pages.includes(page)),
  ], false),
  group("Operating", [
    "docs/operations/README.md",
    "docs/operations/logs-and-traces.md",
    "deploy/README.md",
    "docs/configuration.md",
    "docs/benchmarks.md",
    "docs/chaos.md",
    "docs/fuzzing.md",
    "docs/threat-model.md",
    "k6/README.md",
  ]),
  group("Contributing", ["CONTRIBUTING.md", ...under("docs/recipes/"), "service-kit/README.md"]),
  group("Reference: JavaScript", under("docs/reference/javascript/")),
  group("Reference: Python", ["docs/reference/python.md"]),
  group("Decisions", under("docs/decisions/")),
];

export default defineConfig({
  title: "Tailrace",
  description: "Realtime streams, jobs and time series over Kafka, without losing an event silently.",
  srcDir: home,
  srcExclude: ["**/node_modules/**", "**/target/**", "**/.*/**"],
  outDir: process.env.TAILRACE_SITE ?? path.join(home, "target", "site"),
  cacheDir: path.join(home, "target", "site-cache"),
  rewrites: Object.fromEntries(pages.filter((page) => page !== rewritten(page)).map((page) => [page, rewritten(page)])),
  cleanUrls: false,
  lastUpdated: false,
  markdown: {
    anchor: { slugify: slug },
    headers: { level: [2, 3], slugify: slug },
    config(md) {
      const fence = md.renderer.rules.fence;
      md.renderer.rules.fence = (tokens, index, options, env, self) =>
        tokens[index].info.trim() === "mermaid"
          ? `<pre class="mermaid" v-pre>${md.utils.escapeHtml(tokens[index].content)}</pre>`
          : fence(tokens, index, options, env, self);
      // Before VitePress looks at the links: its check of dead links sees where they lead.
      md.core.ruler.push("links", (state) => {
        const page = path.relative(home, state.env.realPath ?? state.env.path);
        for (const token of state.tokens.flatMap((block) => block.children ?? [])) {
          if (token.type === "image") {
            // Vite puts pictures among its assets; this fails if there is none.
            target(page, token.attrGet("src"), new Set());
          }
          if (token.type === "link_open") {
            const to = target(page, token.attrGet("href"), files);
            if (to.startsWith("/folders/")) {
              folders.add(to.slice("/folders/".length));
            }
            token.attrSet("href", to.startsWith("/folders/") ? `/files/${to.slice("/folders/".length)}.txt` : to);
            if (to.startsWith("/files/") || to.startsWith("/folders/")) {
              token.attrSet("target", "_blank");
            }
          }
        }
      });
    },
  },
  // Files are copied when all pages are there.
  ignoreDeadLinks: ["localhostLinks", /^https?:\/\/localhost/, /^\/files\//],
  buildEnd({ outDir }) {
    cpSync(path.join(home, "docs/site/node_modules/mermaid/dist/mermaid.min.js"), path.join(outDir, "mermaid.min.js"));
    for (const file of files) {
      const copy = path.join(outDir, "files", `${file}.txt`);
      mkdirSync(path.dirname(copy), { recursive: true });
      cpSync(path.join(home, file), copy);
    }
    for (const folder of folders) {
      const list = path.join(outDir, "files", `${folder}.txt`);
      mkdirSync(path.dirname(list), { recursive: true });
      writeFileSync(list, `${filesOf(folder).join("\n")}\n`);
    }
  },
  vite: {
    // The pages are outside of this folder, from where nothing that is installed here would be found.
    resolve: {
      alias: [
        { find: /^vue$/, replacement: path.join(home, "docs/site/node_modules/vue/dist/vue.runtime.esm-bundler.js") },
        { find: /^vue\/server-renderer$/, replacement: path.join(home, "docs/site/node_modules/vue/server-renderer/index.mjs") },
      ],
    },
  },
  themeConfig: {
    sidebar,
    outline: [2, 3],
    search: { provider: "local" },
    nav: [
      { text: "Try it", link: "/#two-commands" },
      { text: "Clients", link: "/docs/clients" },
      { text: "Protocol", link: "/docs/protocol" },
      { text: "Operations", link: "/docs/operations/" },
    ],
  },
});
