// The texts in one language that the console begins with: the login page, Remote Sessions and what is around every page.

import common from "./en/common.json";
import login from "./en/login.json";
import sessions from "./en/sessions.json";
import tools from "./en/tools.json";

export default { ...common, ...login, ...sessions, ...tools };
