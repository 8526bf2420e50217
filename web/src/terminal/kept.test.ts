import { expect, test } from "vitest";
import { Keeper } from "./kept";

function setUp() {
  const held = new Map<string, string>();
  const storage = {
    getItem: (name: string) => held.get(name) ?? null,
    setItem: (name: string, value: string) => void held.set(name, value),
    removeItem: (name: string) => void held.delete(name),
  };
  const clock = { now: 1000 };
  return { held, clock, keeper: new Keeper("computers/c1", storage, () => clock.now) };
}
const tab = { id: "p1", number: 2, title: "rodney@till", shown: "4711" };

test("what was there is there again, for as long as shells wait", () => {
  const { keeper, clock } = setUp();
  expect(keeper.read()).toBeUndefined();
  keeper.write(2, [tab]);
  clock.now += 120_000;
  expect(keeper.read()).toEqual({ at: 1000, active: 2, tabs: [tab] });
  clock.now += 1;
  expect(keeper.read()).toBeUndefined();
});

test("when all are closed, nothing is left", () => {
  const { keeper, held } = setUp();
  keeper.write(2, [tab]);
  keeper.write(0, []);
  expect(held.size).toBe(0);
});

test.each(["{", "null", '{"at":1000}', '{"at":1000,"tabs":[{"id":"p","shown":"x"}]}'])("%s is nothing", (text) => {
  const { keeper, held } = setUp();
  held.set("deskhand.prompts.computers/c1", text);
  expect(keeper.read()).toBeUndefined();
});
