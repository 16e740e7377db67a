/** The few signs of the app, drawn as lines in the colour of the text. */

import type { ReactNode } from "react";

interface IconProps {
  readonly size?: number;
}

function sign(body: ReactNode) {
  return function Icon({ size = 18 }: IconProps) {
    return (
      <svg
        aria-hidden="true"
        width={size}
        height={size}
        viewBox="0 0 20 20"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        {body}
      </svg>
    );
  };
}

export const MapIcon = sign(
  <>
    <circle cx="4" cy="14" r="2" />
    <circle cx="16" cy="6" r="2" />
    <path d="M6 14c5 0 3-8 8-8" />
  </>,
);
export const ValueIcon = sign(<path d="M3 17h14M5 17V11M10 17V4M15 17V8" />);
export const SearchIcon = sign(
  <>
    <circle cx="9" cy="9" r="5.5" />
    <path d="m13.5 13.5 3.5 3.5" />
  </>,
);
export const SunIcon = sign(
  <>
    <circle cx="10" cy="10" r="3.5" />
    <path d="M10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M4.3 15.7l1.1-1.1M14.6 5.4l1.1-1.1" />
  </>,
);
export const MoonIcon = sign(<path d="M16.5 12A7 7 0 0 1 8 3.5a7 7 0 1 0 8.5 8.5Z" />);
export const AutoIcon = sign(
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="M10 3a7 7 0 0 1 0 14Z" fill="currentColor" stroke="none" />
  </>,
);
export const UpIcon = sign(<path d="m6 12 4-4 4 4" />);
export const ExploreIcon = sign(<path d="M3 4h14l-5 6v5l-4 2v-7Z" />);
export const ActIcon = sign(<path d="M17 3 9 11M17 3l-5 14-3-6-6-3Z" />);
export const DownIcon = sign(<path d="m6 8 4 4 4-4" />);
export const CloseIcon = sign(<path d="m5 5 10 10M15 5 5 15" />);
export const PlusIcon = sign(<path d="M10 4v12M4 10h12" />);
export const MinusIcon = sign(<path d="M4 10h12" />);
export const FitIcon = sign(<path d="M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4" />);
export const DotsIcon = sign(
  <g fill="currentColor" stroke="none">
    <circle cx="4.5" cy="10" r="1.5" />
    <circle cx="10" cy="10" r="1.5" />
    <circle cx="15.5" cy="10" r="1.5" />
  </g>,
);
export const HelpIcon = sign(
  <>
    <circle cx="10" cy="10" r="7.5" />
    <path d="M7.8 7.8a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .800-1 1.6M10 14.1v.1" />
  </>,
);
export const PeopleIcon = sign(
  <>
    <circle cx="8" cy="7" r="3" />
    <path d="M2.5 16.5c.6-3 2.7-4.5 5.5-4.5s4.9 1.5 5.5 4.5M13 4.300a3 3 0 0 1 0 5.400M15.5 12.600c1.200.7 1.800 2 2 3.9" />
  </>,
);
export const SettingsIcon = sign(
  <>
    <path d="M3 6h7M14 6h3M3 14h3M10 14h7" />
    <circle cx="12" cy="6" r="2" />
    <circle cx="8" cy="14" r="2" />
  </>,
);
export const TodayIcon = sign(
  <>
    <rect x="3" y="4" width="14" height="13" rx="2" />
    <path d="M3 8h14M7 2.500v3M13 2.500v3" />
  </>,
);
export const PlanIcon = sign(<path d="M8 5h9M8 10h9M8 15h9M3 5l1 1 2-2M3 10l1 1 2-2M3 15l1 1 2-2" />);
export const LearnIcon = sign(<path d="M8 3v5L3.500 15.500A1.500 1.500 0 0 0 5 17.500h10a1.500 1.500 0 0 0 1.500-2L12 8V3M6.500 3h7M6 13h8" />);
export const DataIcon = sign(
  <>
    <ellipse cx="10" cy="5" rx="6" ry="2.4" />
    <path d="M4 5v10c0 1.300 2.700 2.400 6 2.400s6-1.100 6-2.400V5M4 10c0 1.300 2.700 2.400 6 2.400s6-1.100 6-2.400" />
  </>,
);
export const MoreIcon = sign(
  <>
    <circle cx="4.5" cy="10" r="0.8" fill="currentColor" />
    <circle cx="10" cy="10" r="0.8" fill="currentColor" />
    <circle cx="15.5" cy="10" r="0.8" fill="currentColor" />
  </>,
);
