// The texts in one language of all other pages, fetched with the first of them.

import audit from "./es/audit.json";
import computers from "./es/computers.json";
import logs from "./es/logs.json";
import operations from "./es/operations.json";
import people from "./es/people.json";
import prompt from "./es/prompt.json";
import settings from "./es/settings.json";
import signon from "./es/signon.json";
import viewer from "./es/viewer.json";

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
