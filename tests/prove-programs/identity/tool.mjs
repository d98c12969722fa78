// A tool of a class, whose `execute` calls another method of it.
import { load, outcome, tell } from "./tell.mjs";

class Weather {
  unit = "C";
  execute(city) {
    return this.format(city, 21);
  }
  format(city, degrees) {
    return `${city}: ${degrees} ${this.unit}`;
  }
}
const { wrapTools } = await load("src/wrap-tools.ts");
tell(await outcome(() => wrapTools({ weather: new Weather() }).weather?.execute?.("Bern") ?? "no execute"));
