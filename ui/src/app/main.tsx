/** Starts the app. */

import "@fontsource-variable/inter/index.css";
import "@mantine/core/styles.css";
import "@mantine/spotlight/styles.css";
import "@/app/tokens.css";
import { createRoot } from "react-dom/client";
import { App } from "@/app/app.tsx";

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
