namespace Nabla.Tokenizers;
