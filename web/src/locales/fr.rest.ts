// The texts in one language of all other pages, fetched with the first of them.

import audit from "./fr/audit.json";
import computers from "./fr/computers.json";
import logs from "./fr/logs.json";
import operations from "./fr/operations.json";
import people from "./fr/people.json";
import prompt from "./fr/prompt.json";
import settings from "./fr/settings.json";
import signon from "./fr/signon.json";
import viewer from "./fr/viewer.json";

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
