// What Go programs need of Windows and Wine 8 does not have. Every Go program loads bcryptprimitives.dll as it starts, so it stands here.
#include <windows.h>
#include <string.h>

BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);

// The one function of the real one that Go programs call, from the generator that Wine does have.
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) { return SystemFunction036(data, (ULONG)length); }

typedef LONG(NTAPI *set_information)(HANDLE, void *, void *, ULONG, int);
static set_information original;

// To delete as POSIX does (class 64) Wine answers "not implemented", where a Windows that cannot do so says that it does not know the class; only then
// does os.RemoveAll take the older way.
static LONG NTAPI set(HANDLE file, void *status, void *data, ULONG length, int class)
{
	return class == 64 ? (LONG)0xC0000003 : original(file, status, data, length, class);
}

// Wine's system calls are 32 bytes each that may stand anywhere.
enum { STUB = 32 };

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved)
{
	if (reason != DLL_PROCESS_ATTACH) return TRUE;
	BYTE *at = (BYTE *)GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "NtSetInformationFile");
	BYTE *copy = VirtualAlloc(NULL, STUB, MEM_COMMIT | MEM_RESERVE, PAGE_EXECUTE_READWRITE);
	DWORD old;
	if (!at || !copy || !VirtualProtect(at, STUB, PAGE_EXECUTE_READWRITE, &old)) return TRUE;
	memcpy(copy, at, STUB);
	original = (set_information)copy;
	BYTE jump[12] = {0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xE0}; // mov rax, set; jmp rax
	void *to = (void *)set;
	memcpy(jump + 2, &to, sizeof to);
	memcpy(at, jump, sizeof jump);
	VirtualProtect(at, STUB, old, &old);
	return TRUE;
}
