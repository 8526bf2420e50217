import { expect, test } from "vitest";
import { linkFor } from "./link";

const personal = "https://desk.example/join/rodney";

test.each([
  ["", "", personal],
  [" 4711 ", "A. Martin", `${personal}?ticket=4711&name=A.+Martin`],
  ["", "Ünal & Söhne", `${personal}?name=%C3%9Cnal+%26+S%C3%B6hne`],
  ["", "U\u0308nal", `${personal}?name=%C3%9Cnal`],
  ["   ", "\t", personal],
])("ticket %j and name %j", (ticket, name, link) => {
  expect(linkFor(personal, ticket, name)).toBe(link);
});
