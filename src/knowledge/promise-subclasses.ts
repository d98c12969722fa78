/**
 * What a package hands back that is more than a promise. `.then()`, `.catch()`, `.finally()` and `async` leave a plain promise
 * of it, without the members.
 */
export interface PromiseSubclass {
  /** The packages whose methods hand it back. */
  packages: readonly string[];
  /** What the packages call its type; the first is the one that a message says. */
  names: readonly string[];
  /** What only it has, by which it is told as well: what takes care of these knows what it does. */
  members: readonly string[];
  /**
   * What a second listener does. `reads`: it reads the body, which can be read once only, and the members find it read; the SDK's own
   * `_thenUnwrap` does not. `runs`: it runs the query a second time. By default it does no harm.
   */
  listener?: "reads" | "runs";
  /** Where its methods stand, and which they are; without them it is told by casts only. */
  from?: {
    /** The classes, or the members of a client. */
    owners: RegExp;
    methods: RegExp;
    /** The longest way to one from a client, by which a wrapper says what it wraps. */
    paths?: RegExp;
  };
}

/** Every class named in the SDKs that one generator writes, as far as wrappers are put around their methods. */
const resources =
  /^(?:completions|embeddings|responses|messages|images|moderations|transcriptions|translations|speech|models|files|batches|conversations|assistants|threads|runs|jobs|vectorstores|rerank)$/i;

/** The methods of those classes that make one request; `stream`, `runTools` and `poll` are helpers of another kind. */
const requests =
  /^(?:create|retrieve|update|list|del|delete|cancel|generate|edit|createVariation|parse|compact|countTokens|submitToolOutputs)$/;

/** The members, and what `.then()` gives, were read or tried with the versions in the comments. */
export const promiseSubclasses: readonly PromiseSubclass[] = [
  {
    // openai 4.104 and 6.49, groq-sdk 1.6, together-ai 0.52, @cerebras/cerebras_cloud_sdk 1.91: `parse` of a completion calls
    // `create(...)._thenUnwrap`
    packages: ["openai", "groq-sdk", "together-ai", "@cerebras/cerebras_cloud_sdk"],
    names: ["APIPromise", "PagePromise"],
    members: ["withResponse", "asResponse", "_thenUnwrap"],
    listener: "reads",
    from: {
      owners: resources,
      methods: requests,
      paths: /["'`](?:chat\.completions\.create|responses\.create|embeddings\.create)["'`]/,
    },
  },
  {
    // @anthropic-ai/sdk 1.12: `messages.stream` calls `create(...).withResponse()`
    packages: ["@anthropic-ai/sdk"],
    names: ["APIPromise", "PagePromise"],
    members: ["withResponse", "asResponse", "_thenUnwrap"],
    listener: "reads",
    from: { owners: resources, methods: requests, paths: /["'`]messages\.countTokens["'`]/ },
  },
  {
    // cohere-ai 7.20 and 8.1
    packages: ["cohere-ai"],
    names: ["HttpResponsePromise"],
    members: ["withRawResponse"],
    from: {
      owners: /^(?:CohereClient|CohereClientV2|V2Client)$/,
      methods:
        /^(?:chat|chatStream|generate|generateStream|embed|rerank|classify|summarize|tokenize|detokenize)$/,
    },
  },
  {
    // mongoose 9.12; `exec` gives a plain promise
    packages: ["mongoose"],
    names: ["Query"],
    members: ["exec", "lean", "populate", "select", "sort", "limit"],
    listener: "runs",
    from: {
      owners: /^Model$/,
      methods:
        /^(?:find|findOne|findById|findOneAndUpdate|findOneAndDelete|findByIdAndUpdate|findByIdAndDelete|countDocuments|distinct|updateOne|updateMany|deleteOne|deleteMany|aggregate)$/,
    },
  },
  {
    // mongodb 7.9: no promise at all, a cursor
    packages: ["mongodb"],
    names: ["FindCursor", "AggregationCursor"],
    members: ["toArray", "hasNext", "sort", "limit"],
    listener: "runs",
    from: {
      owners: /^(?:Collection|Db)$/,
      methods: /^(?:find|aggregate|listIndexes|listCollections|watch)$/,
    },
  },
  // @prisma/client 7.10: `$transaction([...])` takes nothing else
  { packages: ["@prisma/client"], names: ["PrismaPromise"], members: [] },
  // got 14.6
  { packages: ["got"], names: ["CancelableRequest"], members: ["cancel", "json", "text"] },
  // ky 1.14
  { packages: ["ky"], names: ["ResponsePromise"], members: ["json", "text", "blob"] },
  // execa 9.6; the second name is that of its versions before 9
  {
    packages: ["execa"],
    names: ["ResultPromise", "ExecaChildProcess"],
    members: ["stdout", "kill", "pid"],
  },
  // postgres 3.4
  { packages: ["postgres"], names: ["PendingQuery"], members: ["cursor", "values", "cancel"] },
  // stripe 23.1
  { packages: ["stripe"], names: ["ApiListPromise"], members: ["autoPagingEach", "autoPagingToArray"] },
  // @elastic/elasticsearch 7.17
  { packages: ["@elastic/elasticsearch"], names: ["TransportRequestPromise"], members: ["abort"] },
];
