// The texts in one language of all other pages, fetched with the first of them.

import audit from "./it/audit.json";
import computers from "./it/computers.json";
import logs from "./it/logs.json";
import operations from "./it/operations.json";
import people from "./it/people.json";
import prompt from "./it/prompt.json";
import settings from "./it/settings.json";
import signon from "./it/signon.json";
import viewer from "./it/viewer.json";

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
