// The texts in one language of all other pages, fetched with the first of them.

import audit from "./en/audit.json";
import computers from "./en/computers.json";
import logs from "./en/logs.json";
import operations from "./en/operations.json";
import people from "./en/people.json";
import prompt from "./en/prompt.json";
import settings from "./en/settings.json";
import signon from "./en/signon.json";
import viewer from "./en/viewer.json";

export default {
  ...audit,
  ...computers,
  ...logs,
  ...operations,
  ...people,
  ...prompt,
  ...settings,
  ...signon,
  ...viewer,
};
