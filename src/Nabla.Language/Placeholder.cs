namespace Nabla.Language;
