// The texts in one language that the console begins with: the login page, Remote Sessions and what is around every page.

import common from "./pt/common.json";
import login from "./pt/login.json";
import sessions from "./pt/sessions.json";
import tools from "./pt/tools.json";

export default { ...common, ...login, ...sessions, ...tools };
