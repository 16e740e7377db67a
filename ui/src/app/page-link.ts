/** Links between pages keep the selection and drop what belongs to one page. */

import { useSearchParams } from "wouter";
import type { PagePath } from "@/app/pages.ts";

const KEPT = ["map", "persona", "from", "to", "where", "who"];

/** The address of a page with the selection of this one. */
export function pageLink(path: PagePath, params: URLSearchParams): string {
  const kept = new URLSearchParams([...params].filter(([name]) => KEPT.includes(name)));
  const text = kept.toString();
  return text ? `${path}?${text}` : path;
}

/** `pageLink` from the present address. */
export function usePageLink(): (path: PagePath) => string {
  const [params] = useSearchParams();
  return (path) => pageLink(path, params);
}
