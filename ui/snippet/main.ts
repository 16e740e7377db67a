/**
 * Pathworth's own script for a web page:
 *
 *     <script async src="https://HOST/pathworth.js" data-key="KEY"></script>
 *
 * It keeps and sends nothing before `pathworth.push(["consent", true])`, or when the browser says that its person does not
 * want to be followed. `data-consent="given"` is for sites whose people agreed before they came.
 */

import { ask, tell, type Message, type Question } from "./asking.ts";
import { fetchAsks } from "./asks.ts";
import { call, drop, leave, resume, said, track, type Properties } from "./calls.ts";
import { watchClicks } from "./clicks.ts";
import { giveUp, watchForms } from "./forms.ts";
import { unview, view, watchPages } from "./pages.ts";
import { agree, keep, person, remember } from "./person.ts";

type Asked = ["consent", boolean] | ["track", string, Properties?] | ["identify", string, Properties?] | ["ask", Question] | ["tell", Message];

let watching = false;

function begin(): void {
  if (person() === null) return;
  if (!watching) {
    watching = true;
    watchPages();
    watchClicks();
    watchForms();
    addEventListener("pathworth-leave", gone);
    addEventListener("pagehide", () => {
      gone();
      leave();
    });
    addEventListener("pageshow", (event) => {
      if (event.persisted) view(true);
    });
  }
  resume();
  void fetchAsks().catch(() => undefined);
  const [how] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  view(how?.type === "back_forward");
}

function gone(): void {
  giveUp();
  unview();
}

function push(asked: Asked): void {
  switch (asked[0]) {
    case "consent": {
      const before = person();
      agree(asked[1]);
      if (!asked[1]) drop();
      if (before === null) begin();
      return;
    }
    case "track":
      track(asked[1], asked[2]);
      return;
    case "identify": {
      const who = person();
      if (who === null) return;
      who.user = asked[1];
      keep();
      call("identify", { traits: asked[2] ?? {} });
      return;
    }
    case "ask":
      ask(asked[1]);
      return;
    case "tell":
      tell(asked[1]);
  }
}

const page = window as unknown as { pathworth?: Asked[] | { push: (asked: Asked) => void } };
const early = page.pathworth;
const safely = (work: () => void): void => {
  try {
    work();
  } catch {
    // A browser that stores nothing is not followed, and that is no trouble of the page's.
  }
};
page.pathworth = { push: (asked: Asked) => safely(() => push(asked)) };
safely(() => {
  remember();
  if (said.consent === "given") agree(true);
  begin();
});
if (Array.isArray(early)) early.forEach((asked) => safely(() => push(asked)));
