/** No money is left, or no way to pay, in the languages that providers say it in. */
export const money =
  /insufficient[ _-](?:[a-z]+[ _-])?(?:quota|credits?|balance|funds)|balance (?:is )?(?:too low|insufficient|not enough|exhausted)|(?:not enough|no|no more|not have any|n't have any|lacks?(?: sufficient)?|out of|requires? more|used all(?: of)? your|exhausted your) (?:[a-z]+ )?(?:credits?|balance|funds)\b|credits? (?:(?:have|has|are|is|been) )*(?:exhausted|depleted|used up)|billing (?:hard limit|(?:is )?(?:not active|disabled)|to be enabled)|check your billing|payment required|valid payment (?:instrument|method)|spend(?:ing)? (?:limit|cap)|(?:unpaid|past.due|overdue) (?:invoice|bill|balance)|account.{0,40}(?:overdue|arrears|in good standing)|(?:subscription|trial) (?:has |is )?(?:expired|ended)|余额不足|欠费|充值|[额配][度额](?:不足|已|耗尽)|残高|クレジット.{0,4}不足|잔액|saldo insuficiente|cr[eé]ditos? (?:insuficientes?|agotados?)|solde insuffisant|cr[eé]dits? (?:insuffisants?|épuisés?)|guthaben|недостаточно средств/i;

/** What a plan or a key may use is used up. */
export const allowance =
  /exceed(?:s|ed|ing)? your (?:[a-z]+ ){0,3}(?:quota|credits?|allowance)|out of quota|usage limits? .{0,20}(?:reached|exceeded|hit)|(?:reached|exceeded|hit) (?:[a-z]+ ){0,5}usage limits?|(?:key|credit|budget|plan|subscription) limit (?:has been |was |is )?(?:exceeded|reached)|budget (?:has been |was )?exceeded|exhausted your (?:capacity|quota)|quota (?:has been |is )?exhausted|(?:daily|weekly|monthly) (?:[a-z]+ ){0,3}(?:limit|quota|allocation|allowance)|达到.{0,40}(?:使用上限|限额)/i;

/** The same in words that are a burst's where they come as a rate limit. */
export const quotaExceeded =
  /quota (?:limit )?(?:has been |is |was )?(?:exceeded|reached|used up)|exceed(?:s|ed|ing)? (?:the |its )?(?:[a-z]+ ){0,2}quota/i;

/** A limit of a day or longer. */
export const longSpan =
  /per[ _-]?(?:day|week|month|24 ?h)|\/ ?(?:day|week|month)\b|\b(?:daily|weekly|monthly)\b|by(?:day|week|month)\b|\b[rt]pd\b|per (?:86400|604800|2592000) ?s|(?:for|in) (?:today|24 ?h)|\b(?:tomorrow|midnight)\b|billing (?:cycle|period)|今日|每[日天周月]/i;

/** A limit of an hour or less. */
export const shortSpan =
  /per[ _-]?(?:sec(?:ond)?|min(?:ute)?|hour)\b|\/ ?(?:s|sec(?:ond)?|min(?:ute)?|hour)\b|by(?:second|minute|hour)\b|\b(?:[rt]p[ms]|qps)\b|每(?:分钟|秒|小时)/i;

/** A rate limit that this request will never fit into. */
export const tooLargeForLimit =
  /(?:request|payload|body)(?: entity)?(?: is)? too large|tokens must be reduced|reduce your message size|long[ -]context requests?|prompt is too long|maximum (?:context|prompt|input) length/i;

/** A prompt that is longer than the model takes. */
export const tooLong =
  /prompt is too long|input is too long|context[ _](?:length|window|size)|maximum (?:prompt|input|sequence) length|exceeds? the maximum number of (?:input )?tokens|input tokens exceed|input token count .{0,40}exceeds|too many input tokens|(?:request(?:ed)?|payload|body)(?: entity)?(?: is)? too large|reduce the length of the (?:messages|prompt)|too many tokens:|range of input length|prompt ?超长/i;

/** The provider does not want to say this. */
export const refused =
  /content[ _-](?:filter|policy)|content management policy|safety (?:system|reasons|filters?)|blocked (?:input|output)|(?:flagged|blocked) (?:by|for|as)\b|requires moderation|敏感内容/i;

/** A key that is none. */
export const wrongKey =
  /(?:invalid|incorrect) (?:x-)?api[ -]key|api key (?:not valid|expired)|(?:invalid|expired) (?:access )?token\b|token (?:is )?(?:invalid|expired)/i;

/** A model that is not, or no longer, there: with a status that says that something is not. */
export const missingModel =
  /\bmodels?\b.{0,120}(?:not found|not exist|not available|not supported|no longer|deprecated|decommissioned|discontinued|retired|removed|sunset|is gone|shut ?down|end of (?:its )?life)|not found.{0,20}\bmodel\b|\bmodel: \S/i;

/** The same, so that no status need say it. */
export const missingModelAnyhow =
  /\bmodels?\b.{0,80}(?:not exist|(?:is|was) not found|been (?:deprecated|decommissioned|discontinued|retired|removed|shut ?down))|not a valid model|(?:unknown|no such) model\b|模型不存在/i;

/** A session of the Model Context Protocol that its server does not know any more. */
export const lostSession = /\bsession\b/i;
