/** ESLint formatter that prints only counts, so that formatting is not measured. */
export default function count(results) {
  const messages = results.flatMap((result) => result.messages);
  return JSON.stringify({
    files: results.length,
    findings: messages.filter((message) => !message.fatal).length,
  });
}
