/** The pages, at the left; at the bottom on a phone. */

import { Link, useLocation } from "wouter";
import { PAGES } from "@/app/pages.ts";
import { usePageLink } from "@/app/page-link.ts";
import classes from "./rail.module.css";

export function Rail() {
  const [path] = useLocation();
  const link = usePageLink();
  return (
    <nav className={classes.rail} aria-label="Pages">
      <svg className={classes.sign} viewBox="0 0 32 32" aria-hidden="true">
        <path d="M7 22c7 0 5-12 12-12h5" fill="none" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
        <path d="m20.5 5.5 5 4.5-5 4.5" fill="none" stroke="currentColor" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round" />
        <circle cx="7" cy="22" r="2.6" fill="currentColor" />
      </svg>
      {PAGES.map(({ path: to, name, icon: Icon }) => (
        <Link key={to} href={link(to)} className={classes.page ?? ""} aria-current={path === to || path.startsWith(`${to}/`) ? "page" : undefined}>
          <Icon size={20} />
          {name}
        </Link>
      ))}
    </nav>
  );
}
