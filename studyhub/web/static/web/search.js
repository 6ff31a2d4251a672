// Finding lessons on the phone, without the network: the same rules as content/search_rules.py, which
// says what an index is. Whatever is changed here is changed there; a test asks both.
//
//   find(indexes, "zyhy")  ->  [{ lesson, title, section, sectionTitle, snippet: [before, hit, after], rank }]

const TITLE = 1;
const ALIAS = 2;
const HEADING = 3;
const TEXT = 4;
const PARTLY = 5;
const LONGEST_QUERY = 60;
const MOST_TERMS = 8;
const MOST_GRAMS = 24;
const BEFORE = 18;
const AFTER = 42;

const LETTER = "0-9a-z\\u00df-\\u00f6\\u00f8-\\u024f\\u0400-\\u052f\\u1820-\\u18aa";
const HAN = "(?:[\\u3007\\u3400-\\u4dbf\\u4e00-\\u9fff]|[\\ud840-\\ud888][\\udc00-\\udfff])";
const WORD = new RegExp("(?:[" + LETTER + "]|" + HAN + ")+", "g");
const SAME_SCRIPT = new RegExp("[" + LETTER + "]+|" + HAN + "+", "g");
const HAN_RUN = new RegExp(HAN + "+", "g");
const LETTERS = new RegExp("^[" + LETTER + "]");
const PLAIN = /^[a-z]+$/;

const unique = (list, most) => Array.from(new Set(list)).slice(0, most);
const all = (text, pattern) => text.match(pattern) || [];
const flat = (lists) => [].concat.apply([], lists);

function foldOne(char) {
  if ((char >= "a" && char <= "z") || (char >= "\u3400" && char <= "\u9fff") || char.length > 1) return char;
  const folded = char.normalize("NFKC").toLowerCase();
  return folded.length === 1 ? folded : char;
}

/** One character for each, so that places in folded and printed text are the same. */
function fold(text) {
  return Array.from(text, foldOne).join("");
}

function termsOf(query) {
  return unique(all(fold(Array.from(query).slice(0, LONGEST_QUERY).join("")), WORD), MOST_TERMS);
}

function waysToAsk(query) {
  const terms = termsOf(query);
  const pieces = unique(flat(terms.map((term) => all(term, SAME_SCRIPT))));
  const ways = terms.length ? [terms] : [];
  if (pieces.join() !== terms.join()) ways.push(pieces.slice(0, MOST_TERMS));
  if (terms.length > 1 && terms.every((term) => PLAIN.test(term))) ways.push([terms.join("")]);
  return ways;
}

function gramsOf(query) {
  const runs = flat(termsOf(query).map((term) => all(term, HAN_RUN))).map((run) => Array.from(run));
  return unique(flat(runs.map((run) => run.slice(1).map((char, i) => run[i] + char))), MOST_GRAMS);
}

const enough = (grams) => Math.max(2, Math.ceil((grams.length * 2) / 5));

/** Where it stands, or -1. Chinese may stand anywhere; letters and digits only as whole words. */
function findWord(text, term) {
  let start = text.indexOf(term);
  while (start >= 0) {
    const end = start + term.length;
    const cutBefore = start > 0 && LETTERS.test(text[start - 1]) && LETTERS.test(term);
    const cutAfter = end < text.length && LETTERS.test(text[end]) && LETTERS.test(term[term.length - 1]);
    if (!cutBefore && !cutAfter) return start;
    start = text.indexOf(term, start + 1);
  }
  return -1;
}

function soundsLike(term, syllables) {
  const initials = syllables.map((syllable) => syllable[0]).join("");
  if (term === initials || (term.length >= 3 && initials.startsWith(term))) return true;
  return syllables.join("").startsWith(term) && term.length >= syllables.slice(0, 2).join("").length;
}

function makeReady(index) {
  return {
    title: fold(index.title),
    names: index.terms.map((names) => names.map(fold)),
    words: index.words,
    sections: index.sections.map((section) => [fold(section[1]), fold(section[2])]),
  };
}

function printedPlaces(folded, term, lowest) {
  const places = [];
  const add = (rank, section, start, end) => places.push({ rank: Math.max(rank, lowest), section, start, end });
  if (findWord(folded.title, term) >= 0) add(TITLE, -1, 0, 0);
  folded.sections.forEach(([heading, text], number) => {
    if (findWord(heading, term) >= 0) add(HEADING, number, 0, 0);
    const start = findWord(text, term);
    if (start >= 0) add(TEXT, number, start, start + term.length);
  });
  return places;
}

function literalPlaces(folded, term) {
  const places = printedPlaces(folded, term, 0);
  folded.names.forEach((names) => {
    if (names.slice(1).some((other) => findWord(other, term) >= 0)) {
      places.push({ rank: ALIAS, section: -1, start: 0, end: 0 });
      places.push.apply(places, printedPlaces(folded, names[0], ALIAS));
    }
  });
  return places;
}

function placesOf(folded, term) {
  const places = literalPlaces(folded, term);
  if (term.length < 2 || !PLAIN.test(term)) return places;
  folded.words.forEach((word) => {
    const parts = word.split(" ");
    if (soundsLike(term, parts.slice(1))) places.push.apply(places, literalPlaces(folded, fold(parts[0])));
  });
  return places;
}

/** The first place in the section that holds most terms. */
function bestSection(places) {
  const firsts = new Map();
  places.forEach((ofTerm) => {
    const seen = new Set();
    ofTerm.forEach((place) => {
      if (place.section < 0 || seen.has(place.section)) return;
      seen.add(place.section);
      firsts.set(place.section, (firsts.get(place.section) || []).concat(place));
    });
  });
  let best = null;
  Array.from(firsts.keys()).sort((a, b) => a - b).forEach((number) => {
    if (best === null || firsts.get(number).length > firsts.get(best).length) best = number;
  });
  if (best === null) return null;
  return firsts.get(best).find((place) => place.end) || firsts.get(best)[0];
}

function widened(folded, place, grams) {
  if (!place || !place.end) return place;
  const text = folded.sections[place.section][1];
  let end = place.end;
  while (grams.includes(text.slice(end - 1, end + 1))) end += 1;
  return { rank: place.rank, section: place.section, start: place.start, end };
}

function present(index, rank, place) {
  const found = { lesson: index.lesson, title: index.title, section: null, sectionTitle: "", snippet: ["", "", ""], rank };
  if (!place) return found;
  const text = index.sections[place.section][2];
  const first = Math.max(0, place.start - BEFORE);
  const last = Math.min(text.length, place.end + AFTER);
  found.section = index.sections[place.section][0];
  found.sectionTitle = index.sections[place.section][1];
  found.snippet = [
    (first ? "…" : "") + text.slice(first, place.start),
    text.slice(place.start, place.end),
    text.slice(place.end, last) + (last < text.length ? "…" : ""),
  ];
  return found;
}

/** Old phones sort unstably: equal ones stay in study order by their number. */
function sorted(found, weigh) {
  return found
    .map((one, number) => ({ one, number }))
    .sort((a, b) => weigh(a.one) - weigh(b.one) || a.number - b.number)
    .map((pair) => pair.one);
}

function findWhole(indexes, terms) {
  const found = [];
  indexes.forEach((index) => {
    const folded = makeReady(index);
    const places = terms.map((term) => placesOf(folded, term));
    if (!places.every((ofTerm) => ofTerm.length)) return;
    const ranks = places.map((ofTerm) => Math.min.apply(null, ofTerm.map((place) => place.rank)));
    found.push(present(index, Math.max.apply(null, ranks), bestSection(places)));
  });
  return sorted(found, (one) => one.rank);
}

function findPartly(indexes, grams) {
  const found = [];
  indexes.forEach((index) => {
    const folded = makeReady(index);
    const places = grams.map((gram) => literalPlaces(folded, gram)).filter((held) => held.length);
    if (places.length < enough(grams)) return;
    found.push({ held: places.length, shown: present(index, PARTLY, widened(folded, bestSection(places), grams)) });
  });
  return sorted(found, (one) => -one.held).map((one) => one.shown);
}

/** Lessons that hold every word, best first; when there are none, those that hold a good part. */
export function find(indexes, query) {
  for (const terms of waysToAsk(query)) {
    const found = findWhole(indexes, terms);
    if (found.length) return found;
  }
  return findPartly(indexes, gramsOf(query));
}
