/** The words of the trade and what each means: one table, from which every heading, label and column explains itself. */

export interface Term {
  /** How the word is written, small, apart by commas; the first is its name. */
  readonly forms: string;
  readonly means: string;
  /** Explained only where it is the whole text: too plain a word to mark inside a sentence. */
  readonly whole?: true;
}

export const LIKELY = "“Likely” is the 95 % interval: it holds the true number in about 95 of 100 such cases.";

export const TERMS: readonly Term[] = [
  { forms: "likely", means: LIKELY },
  { forms: "interval, intervals", means: "The range in which the true number probably lies." },
  { forms: "middle case, middle one, middle time", means: "Half take less and half take more: the median." },
  { forms: "point, points", means: "One in 100. A point of an arrow is one more visit in 100 that goes this way." },
  { forms: "arrow, arrows", means: "A move of people from one step of the map straight to another." },
  { forms: "moves, no moves", means: "People who go from one step or event straight to the next.", whole: true },
  { forms: "step, steps, first step, last step, the steps", means: "A place on the map: every event that its rule takes.", whole: true },
  { forms: "stage", means: "A column of the map: steps that belong together.", whole: true },
  { forms: "band, bands", means: "How a step stands, as a shape and a word: nothing found, attention, mismatch, too few to say." },
  { forms: "persona, personas", means: "A kind of people, told apart by one property of theirs. Like is compared with like within each kind." },
  { forms: "worth a person, worth after", means: "Net money that one person is expected to bring from there on." },
  { forms: "could be won back", means: "What those who leave would bring a month if they moved on like comparable people." },
  { forms: "lost a month", means: "What those who leave here in a month would have been worth if they had gone on like the others." },
  { forms: "counts as left", means: "Nobody knows of an open visit whether somebody will still go on: after this time it is taken as left." },
  { forms: "net money", means: "Money received less money paid." },
  { forms: "funnel, funnels", means: "Steps one after the other, and how many people get through each of them." },
  { forms: "lifecycle", means: "Who is new in a period, there again, back after a gap, or gone." },
  { forms: "retention", means: "How many people come back, by how long ago they began." },
  { forms: "session, sessions", means: "Events of one person with no longer pause between them." },
  { forms: "cohort, cohorts", means: "People who began in the same period." },
  { forms: "broken down, break down, breakdown", means: "Counted apart for each value of a property." },
  { forms: "marks", means: "What was released, or happened, and when. Each is a line on every chart over time.", whole: true },
  { forms: "event, events", means: "Something that one person did at one moment.", whole: true },
  { forms: "property, properties", means: "Something known of an event or of a person, such as a country or a plan." },
  { forms: "trait, traits", means: "Something known of a person, such as a country or a plan." },
  { forms: "account, accounts", means: "People who belong together, such as those of one company.", whole: true },
  { forms: "source, sources", means: "Where events come from: a file, or a program that hands them in.", whole: true },
  { forms: "rule", means: "A condition on events or people, such as plan = 'pro'.", whole: true },
  { forms: "program, programs", means: "Sends one message to people who enter a step or stay at it, if they agreed to it.", whole: true },
  { forms: "goal", means: "The step that a program hopes for; who takes it gets nothing more.", whole: true },
  { forms: "occasion", means: "The moment at which a program decides about one person." },
  { forms: "channel, channels", means: "The way on which a message leaves: mail or webhook.", whole: true },
  { forms: "consent", means: "What a person agreed to: one channel for one purpose, with how one knows." },
  { forms: "purpose", means: "What messages are for. People agree to each purpose by itself.", whole: true },
  { forms: "webhook, webhooks", means: "An address of your own systems that gets each message as data, in place of a mail." },
  { forms: "quiet hours", means: "Nothing is sent in them; what is due waits for their end." },
  { forms: "mute, mutes", means: "To say: no more of these. By the link in a message, or by an event that means it." },
  { forms: "guardrail, guardrails", means: "A limit that stops a program by itself, such as too many people who mute it." },
  { forms: "dry run", means: "Plays real events of the past again and says what would have been decided. Nothing leaves." },
  { forms: "comparison group, held out, holdout, holdouts", means: "People drawn by chance who get nothing, so that one can see what a message changes." },
  { forms: "treated", means: "People who may get the message: all but the comparison group." },
  { forms: "arm, arms", means: "One of the two groups of an experiment: treated, or held out." },
  { forms: "experiment, experiments", means: "A program whose question, size and measure are fixed before it starts, so that its answer can be believed." },
  { forms: "hypothesis", means: "What you believe will change, for whom and why, written down before the numbers are seen." },
  { forms: "protest", means: "What people do when they have had enough, such as a mute or a ticket." },
];

export interface Piece {
  readonly text: string;
  readonly term: Term | null;
}

/** How a word is written, its name first. */
export function formsOf(term: Term): readonly string[] {
  return term.forms.split(", ");
}

/** The name of a word. */
export function nameOf(term: Term): string {
  return formsOf(term)[0] ?? "";
}

const FORMS = new Map(TERMS.flatMap((term) => formsOf(term).map((form): readonly [string, Term] => [form, term])));
const INSIDE = [...FORMS].filter(([, { whole }]) => !whole).map(([form]) => form).sort((a, b) => b.length - a.length);
const PATTERN = new RegExp(`(?<![\\p{L}\\p{N}_-])(${INSIDE.join("|")})(?![\\p{L}\\p{N}_-])`, "giu");

/** A text cut into its words of the trade and what stands between; each word is explained where it stands first. */
export function piecesOf(text: string): readonly Piece[] {
  const whole = FORMS.get(text.trim().toLowerCase());
  if (whole) return [{ text, term: whole }];
  const seen = new Set<Term>();
  return text.split(PATTERN).flatMap((part, place): Piece[] => {
    const term = place % 2 === 1 ? (FORMS.get(part.toLowerCase()) ?? null) : null;
    if (part === "") return [];
    if (term === null || seen.has(term)) return [{ text: part, term: null }];
    seen.add(term);
    return [{ text: part, term }];
  });
}

/** The words of the trade in a text. */
export function termsIn(text: string): readonly Term[] {
  return piecesOf(text).flatMap(({ term }) => (term ? [term] : []));
}
