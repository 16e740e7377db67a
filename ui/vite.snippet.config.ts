import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** The script for other sites' pages: one small file beside the app, under a name that stays. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: "../src/pathworth/web/static",
    emptyOutDir: false,
    target: "es2022",
    lib: { entry: fileURLToPath(new URL("./snippet/main.ts", import.meta.url)), formats: ["iife"], name: "pathworthScript", fileName: () => "pathworth.js" },
  },
});
