import { withBase } from "vitepress";
import DefaultTheme from "vitepress/theme";
import { nextTick } from "vue";

let library;

/** The library is large and comes bundled: only a page that has a diagram loads it, and the build only copies it. */
function mermaid() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = withBase("/mermaid.min.js");
    script.onload = () => resolve(window.mermaid);
    script.onerror = () => reject(new Error(`${script.src} cannot be loaded`));
    document.head.append(script);
  });
  return library;
}

/** Draws the diagrams of a page. */
async function draw() {
  await nextTick();
  const diagrams = document.querySelectorAll("pre.mermaid:not([data-processed])");
  if (diagrams.length > 0) {
    const { initialize, run } = await mermaid();
    initialize({
      startOnLoad: false,
      theme: document.documentElement.classList.contains("dark") ? "dark" : "default",
    });
    await run({ nodes: diagrams });
  }
}

export default {
  extends: DefaultTheme,
  enhanceApp({ router }) {
    if (typeof window !== "undefined") {
      router.onAfterRouteChanged = draw;
      window.addEventListener("load", draw);
    }
  },
};
