// The texts in one language of all other pages, fetched with the first of them.

import audit from "./pt/audit.json";
import computers from "./pt/computers.json";
import logs from "./pt/logs.json";
import operations from "./pt/operations.json";
import people from "./pt/people.json";
import prompt from "./pt/prompt.json";
import settings from "./pt/settings.json";
import signon from "./pt/signon.json";
import viewer from "./pt/viewer.json";

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
