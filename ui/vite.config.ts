import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { mockApi } from "./mock/plugin.ts";

const mocked = process.env.VITE_MOCK === "1";

export default defineConfig({
  base: "/",
  plugins: [react(), ...(mocked ? [mockApi()] : [])],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "../src/pathworth/web/static",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
  server: {
    host: "127.0.0.1",
    port: 5173,
    proxy: mocked ? {} : { "/api": { target: process.env.PATHWORTH_API ?? "http://127.0.0.1:8710", changeOrigin: false } },
  },
  test: { include: ["src/**/*.test.ts", "snippet/**/*.test.ts"] },
});
