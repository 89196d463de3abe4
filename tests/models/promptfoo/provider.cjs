// A summariser without a model: the first sentences of the article, or an error for one that is too short.
module.exports = class {
  constructor(options) { this.options = options; this.label = options.label; }
  id() { return 'lead'; }
  async callApi(prompt, context) {
    const sentences = context.vars.article.split(/(?<=\.)\s+/);
    if (sentences.length < this.options.config.sentences) return { error: 'API error: 400 Bad Request\nToo short' };
    const bullet = context.prompt.label.startsWith('list') ? '- ' : '';
    return { output: sentences.slice(0, this.options.config.sentences).map((each) => bullet + each).join(bullet ? '\n' : ' ') };
  }
};
