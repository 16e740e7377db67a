/** A question with one answer, and a message: shown once in a corner of the page, out of the way of its own styles. */

import { track, type Properties } from "./calls.ts";
import { keep, person } from "./person.ts";

export interface Question {
  id: string;
  question: string;
  revision?: number | undefined;
  /** What may be answered: one of some texts, 0 to a number, or null for one's own words. */
  answers: readonly string[] | number | null;
}

export interface Message {
  id: string;
  revision?: number | undefined;
  text: string;
  link?: string | undefined;
  label?: string | undefined;
}

const STYLE = `div{position:fixed;right:16px;bottom:16px;max-width:320px;padding:16px;border-radius:8px;background:#fff;color:#1a1a1a;
box-shadow:0 4px 24px #0004;font:15px/1.4 system-ui;z-index:2147483000}p{margin:0 24px 12px 0}textarea{font:inherit;width:100%;box-sizing:border-box;margin-bottom:6px}button,a{font:inherit;margin:0 6px 6px 0;padding:6px 10px;
border:1px solid #767676;border-radius:6px;background:#fff;color:inherit;cursor:pointer;text-decoration:none;display:inline-block}
button[title]{position:absolute;top:6px;right:0;border:0;padding:4px 8px}@media(prefers-color-scheme:dark){div,button,a{background:#222;color:#eee}}`;

let opened = 0;

/** Whether something is being asked or told. */
export function open(): boolean {
  return opened > 0;
}

/** Ask a question, once, of who agreed. */
export function ask({ id, revision, question, answers }: Question): void {
  const about = versioned({ survey: id, question }, revision);
  show(id, question, "survey", about, (close) => {
    const given = (answer: string) => {
      track("survey answered", { ...about, answer });
      close();
    };
    if (answers === null) {
      const field = document.createElement("textarea");
      field.setAttribute("aria-label", question);
      field.maxLength = 500;
      return [field, button("OK", () => field.value.trim() && given(field.value.trim()))];
    }
    const words = typeof answers === "number" ? Array.from({ length: answers + 1 }, (_, k) => String(k)) : answers;
    return words.map((answer) => button(answer, () => given(answer)));
  });
}

function button(text: string, press: () => unknown): HTMLButtonElement {
  const made = document.createElement("button");
  made.textContent = text;
  made.onclick = press;
  return made;
}

function versioned(about: Properties, revision: number | undefined): Properties {
  return revision === undefined ? about : { ...about, revision };
}

/** Show a message, once, to who agreed. */
export function tell({ id, revision, text, link, label }: Message): void {
  const about = versioned({ message: id }, revision);
  show(id, text, "message", about, (close) => {
    if (link === undefined) return [];
    const anchor = document.createElement("a");
    anchor.href = link;
    anchor.textContent = label ?? link;
    anchor.onclick = () => {
      track("message clicked", about);
      close();
    };
    return [anchor];
  });
}

function show(id: string, text: string, kind: string, about: Properties, parts: (close: () => void) => HTMLElement[]): void {
  const who = person();
  if (who === null || who.shown.includes(id)) return;
  who.shown.push(id);
  who.asked = Date.now();
  keep();
  opened += 1;
  const host = document.createElement("div");
  // Clicks in here are told in words of their own.
  host.dataset.private = "";
  const close = () => {
    opened -= host.isConnected ? 1 : 0;
    host.remove();
  };
  const root = host.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = STYLE;
  const box = document.createElement("div");
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", text);
  const words = document.createElement("p");
  words.textContent = text;
  const shut = button("×", () => {
    track(`${kind} closed`, about);
    close();
  });
  shut.title = "Close";
  box.append(words, ...parts(close), shut);
  root.append(style, box);
  document.body.append(host);
  track(`${kind} seen`, about);
}
