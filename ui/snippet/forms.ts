/** Forms that are begun, sent or given up, and videos; the names of fields, never what stands in them. */

import { track } from "./calls.ts";

const begun = new Map<HTMLFormElement, string>();
const played = new WeakSet<EventTarget>();

export function watchForms(): void {
  addEventListener("input", typed, { capture: true });
  addEventListener("submit", (event) => sent(event.target), { capture: true });
  addEventListener("play", (event) => video(event.target, "video played"), { capture: true });
  addEventListener("ended", (event) => video(event.target, "video ended"), { capture: true });
}

/** Say which forms were begun and not sent. */
export function giveUp(): void {
  begun.forEach((field, form) => track("form abandoned", { form: nameOf(form), field }));
  begun.clear();
}

function typed(event: Event): void {
  const field = event.target;
  if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement)) return;
  const form = field.form;
  if (form === null || form.closest("[data-private]") !== null) return;
  if (!begun.has(form)) track("form started", { form: nameOf(form) });
  begun.set(form, field.name || field.id);
}

function sent(form: EventTarget | null): void {
  if (!(form instanceof HTMLFormElement) || form.closest("[data-private]") !== null) return;
  track("form sent", { form: nameOf(form) });
  begun.delete(form);
}

function nameOf(form: HTMLFormElement): string {
  return form.id || (form.getAttribute("name") ?? "") || new URL(form.action || location.href, location.href).pathname;
}

function video(media: EventTarget | null, event: string): void {
  if (!(media instanceof HTMLMediaElement) || (event === "video played" && played.has(media))) return;
  played.add(media);
  track(event, { video: media.id || new URL(media.currentSrc || location.href).pathname });
}
