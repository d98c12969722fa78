import Rollbar from "rollbar";

const rollbar = new Rollbar({ accessToken: "local", endpoint: `${process.env.ROLLBAR_ENDPOINT}` });

const report = async ({ n }) => {
  rollbar.error(new Error(`failed ${n}`));
};

export const nothing = report;

export const waited = async (event) => {
  await report(event);
  await new Promise((resolve) => rollbar.wait(resolve));
};

export const wrapped = rollbar.lambdaHandler(report);
