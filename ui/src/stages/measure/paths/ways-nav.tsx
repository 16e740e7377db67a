/** The questions about ways: paths, what lies around a step, whole journeys, returns; what they share comes along. */

import { Link } from "wouter";
import { type Question, QUESTION_WORDS, useExplore, WAYS } from "@/api/explore.ts";
import { useSearchParams } from "wouter";
import classes from "./ways.module.css";

const OWN: readonly string[] = ["pattern", "direction", "until", "opened", "length", "people", "person", "view", "most", "depth"];

export function WaysNav({ now }: { readonly now: Question }) {
  const [params] = useSearchParams();
  const { asked } = useExplore();
  const kept = new URLSearchParams([...params].filter(([name]) => !OWN.includes(name)));
  const text = kept.toString();
  return (
    <nav className={classes.nav} aria-label="Questions about ways" data-anchor={asked.anchor ?? ""}>
      {WAYS.map((one) => (
        <Link key={one} href={`/explore/${one}${text ? `?${text}` : ""}`} className={classes.way ?? ""} aria-current={one === now ? "page" : undefined}>
          {QUESTION_WORDS[one].name}
        </Link>
      ))}
    </nav>
  );
}
