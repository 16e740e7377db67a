/** A question with one answer, and a message: shown once in a corner of the page, out of the way of its own styles. */

import { track, type Properties } from "./calls.ts";
import { keep, person } from "./person.ts";

export interface Question {
  id: string;
  question: string;
  /** What may be answered: words, or 0 to a number. */
  answers: readonly string[] | number;
}

export interface Message {
  id: string;
  text: string;
  link?: string;
  label?: string;
}

const STYLE = `div{position:fixed;right:16px;bottom:16px;max-width:320px;padding:16px;border-radius:8px;background:#fff;color:#1a1a1a;
box-shadow:0 4px 24px #0004;font:15px/1.4 system-ui;z-index:2147483000}p{margin:0 24px 12px 0}button,a{font:inherit;margin:0 6px 6px 0;padding:6px 10px;
border:1px solid #767676;border-radius:6px;background:#fff;color:inherit;cursor:pointer;text-decoration:none;display:inline-block}
button[title]{position:absolute;top:6px;right:0;border:0;padding:4px 8px}@media(prefers-color-scheme:dark){div,button,a{background:#222;color:#eee}}`;

/** Ask a question, once, of who agreed. */
export function ask({ id, question, answers }: Question): void {
  const about = { survey: id, question };
  const words = typeof answers === "number" ? Array.from({ length: answers + 1 }, (_, k) => String(k)) : answers;
  show(id, question, "survey", about, (close) =>
    words.map((answer) => {
      const button = document.createElement("button");
      button.textContent = answer;
      button.onclick = () => {
        track("survey answered", { ...about, answer });
        close();
      };
      return button;
    }),
  );
}

/** Show a message, once, to who agreed. */
export function tell({ id, text, link, label }: Message): void {
  const about = { message: id };
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
  keep();
  const host = document.createElement("div");
  // Clicks in here are told in words of their own.
  host.dataset.private = "";
  const close = () => host.remove();
  const root = host.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = STYLE;
  const box = document.createElement("div");
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", text);
  const words = document.createElement("p");
  words.textContent = text;
  const shut = document.createElement("button");
  shut.textContent = "×";
  shut.title = "Close";
  shut.onclick = () => {
    track(`${kind} closed`, about);
    close();
  };
  box.append(words, ...parts(close), shut);
  root.append(style, box);
  document.body.append(host);
  track(`${kind} seen`, about);
}
